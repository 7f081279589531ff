// @ts-check
/**
 * How a map is played on. Pointer: a press plays the moment under it, with Shift it sets the place; a drag draws a
 * path, a stop of the path is dragged, a double click on the path adds or takes away a stop; the wheel zooms, the
 * middle button or Alt pans. Keys: arrows step between moments, Enter plays, Space sets, Delete takes a stop or the
 * path away, plus, minus and 0 zoom.
 */
import { insertStop, moveStop, nearestLeg, onMap, removeStop, strokeToPath } from "../logic/map-path.js";
import { onDrag } from "./drag.js";

const TOUCH = 18; // pixels around a moment
const STOP = 11; // pixels around a stop
const LEG = 8; // pixels around a leg of the path

/** @typedef {import("../widgets/map-view.js").MapView} MapView */
/** @typedef {[number, number]} Pixel from the upper left corner */

/** @param {MapView} map @param {HTMLElement} field */
export function playOnMap(map, field) {
  const { box } = map;
  drag(map, field);
  field.addEventListener("pointermove", (event) => {
    if (!event.buttons && event.pointerType !== "touch")
      map.choose({ hovered: momentAt(map, pixel(map, field, event)) });
  });
  field.addEventListener("pointerleave", () => map.choose({ hovered: -1 }));
  field.addEventListener("dblclick", (event) => editPath(map, pixel(map, field, event)));
  field.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const [left, top] = pixel(map, field, event);
      map.look(() => box.zoomAt(Math.exp(-event.deltaY / (event.ctrlKey ? 80 : 400)), left, top));
    },
    { passive: false },
  );
  field.addEventListener("keydown", (event) => onKey(map, event));
}

/** @param {MapView} map @param {HTMLElement} field */
function drag(map, field) {
  const { box } = map;
  const pixels = (/** @type {{x: number, y: number}} */ { x, y }) =>
    /** @type {Pixel} */ ([x * box.width, y * box.height]);
  let pans = false;
  /** @type {Pixel} */
  let from = [0, 0]; // on the map: a path begins where it was pressed
  onDrag(
    field,
    {
      start: (step) => {
        field.focus({ preventScroll: true });
        step.event.preventDefault();
        pans = step.event.button === 1 || step.event.altKey;
        from = onMap(box.toMap(...pixels(step)));
        map.choose({ stop: pans ? -1 : stopAt(map, pixels(step)) });
      },
      move: (step) => {
        if (!step.moved) return;
        const place = onMap(box.toMap(...pixels(step)));
        if (pans) map.look(() => box.pan(step.dx, step.dy));
        else if (map.stop >= 0) map.setPath(moveStop(map.path, map.stop, place));
        else map.draw([...(map.stroke ?? [from]), place]);
      },
      end: (step) => {
        if (step.moved && map.stroke) map.commitPath(strokeToPath(map.stroke, box.zoom));
        else if (step.moved && map.stop >= 0) map.commitPath(map.path, map.stop);
        else if (!step.moved && !pans && map.stop < 0) press(map, pixels(step), step.fine);
      },
      cancel: () => map.draw(null),
    },
    { buttons: [0, 1] },
  );
}

/** @param {MapView} map @param {Pixel} at @param {boolean} stays */
function press(map, at, stays) {
  if (stays) return map.stay(onMap(map.box.toMap(...at)));
  const found = momentAt(map, at);
  map.choose({ focused: found });
  if (found >= 0) map.audition(found);
}

/** Take the stop away that is there, or add one to the leg that passes there. @param {MapView} map @param {Pixel} at */
function editPath(map, at) {
  const stop = stopAt(map, at);
  if (stop >= 0) return map.commitPath(removeStop(map.path, stop));
  const screen = map.path.map(([x, y]) => map.box.toScreen(x, y));
  if (nearestLeg(screen, at).away > LEG) return;
  const { path, index } = insertStop(map.path, map.box.toMap(...at));
  map.commitPath(path, index);
}

/** @param {MapView} map @param {Pixel} at */
const momentAt = ({ box, search }, at) => search.nearest(...box.toMap(...at), { scale: box.scale, within: TOUCH });

/** @param {MapView} map @param {Pixel} at */
const stopAt = ({ box, path }, [left, top]) =>
  path.findIndex((stop) => {
    const [x, y] = box.toScreen(...stop);
    return Math.hypot(x - left, y - top) <= STOP;
  });

/** @param {MapView} map @param {HTMLElement} field @param {MouseEvent} event @returns {Pixel} */
function pixel({ box }, field, event) {
  const frame = field.getBoundingClientRect();
  return [
    ((event.clientX - frame.left) / frame.width) * box.width,
    ((event.clientY - frame.top) / frame.height) * box.height,
  ];
}

/** @param {MapView} map @param {KeyboardEvent} event */
function onKey(map, event) {
  const { box, moments } = map;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const here =
    map.focused >= 0 ? map.focused : map.search.nearest(...(map.place ?? /** @type {Pixel} */ ([box.x, box.y])));
  const zoom = (/** @type {number} */ factor) => map.look(() => box.zoomAt(factor, box.width / 2, box.height / 2));
  /** @type {Record<string, () => void>} */
  const does = {
    Enter: () => here >= 0 && map.audition(here),
    " ": () => here >= 0 && map.stay(onMap([moments[here].x, moments[here].y])),
    Delete: () => map.commitPath(map.stop >= 0 ? removeStop(map.path, map.stop) : []),
    "+": () => zoom(1.4),
    "=": () => zoom(1.4),
    "-": () => zoom(1 / 1.4),
    0: () => map.look(() => box.reset()),
    Escape: () => map.choose({ stop: -1, focused: -1 }),
  };
  does.Backspace = does.Delete;
  if (event.key.startsWith("Arrow") && here >= 0) {
    const direction = /** @type {import("../logic/map-search.js").Direction} */ (event.key.slice(5).toLowerCase());
    const next = map.focused < 0 ? here : map.search.neighbour(here, direction);
    map.choose({ focused: next, hovered: -1 });
    map.look(() => box.reveal(moments[next].x, moments[next].y));
  } else if (does[event.key]) does[event.key]();
  else return;
  event.preventDefault();
}
