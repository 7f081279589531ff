// @ts-check
/** A pointer's way over an element, from press to release, with mouse, pen or finger. */

/**
 * @typedef {object} Step
 * @property {PointerEvent} event
 * @property {number} dx since the last step, in pixels of the window
 * @property {number} dy
 * @property {number} x from the element's left edge, as a share of its width
 * @property {number} y from its upper edge, as a share of its height
 * @property {boolean} fine whether Shift is held
 * @property {boolean} moved whether the pointer has left its place since the press
 */

const STILL = 3; // pixels that a press may wander

/**
 * @param {Element} target
 * @param {object} hands
 * @param {(step: Step) => boolean|void} hands.start false declines the press
 * @param {(step: Step) => void} [hands.move]
 * @param {(step: Step) => void} [hands.end]
 * @param {() => void} [hands.cancel] the system took the pointer away, or Escape was pressed
 * @param {{buttons?: number[], signal?: AbortSignal}} [options] 0 is the main button, 1 the middle one
 */
export function onDrag(target, { start, move, end, cancel = () => {} }, { buttons = [0], signal } = {}) {
  let pointer = -1;
  let [lastX, lastY, far] = [0, 0, 0];

  /** @param {PointerEvent} event @returns {Step} */
  const step = (event) => {
    const box = target.getBoundingClientRect();
    const [dx, dy] = [event.clientX - lastX, event.clientY - lastY];
    [lastX, lastY] = [event.clientX, event.clientY];
    far += Math.hypot(dx, dy);
    const [x, y] = [(lastX - box.left) / box.width, (lastY - box.top) / box.height];
    return { event, dx, dy, x, y, fine: event.shiftKey, moved: far > STILL };
  };
  const press = (/** @type {any} */ event) => {
    if (pointer >= 0 || !buttons.includes(event.button)) return;
    [lastX, lastY, far] = [event.clientX, event.clientY, 0];
    if (start(step(event)) === false) return;
    pointer = event.pointerId;
    target.setPointerCapture(pointer);
  };
  const stop = (/** @type {() => void} */ then) => {
    const held = pointer;
    pointer = -1;
    if (target.hasPointerCapture(held)) target.releasePointerCapture(held);
    then();
  };
  const listen = (
    /** @type {EventTarget} */ where,
    /** @type {string} */ name,
    /** @type {(event: any) => void} */ what,
  ) => where.addEventListener(name, what, { signal });
  listen(target, "pointerdown", press);
  listen(target, "pointermove", (event) => event.pointerId === pointer && move?.(step(event)));
  listen(target, "pointerup", (event) => event.pointerId === pointer && stop(() => end?.(step(event))));
  listen(target, "pointercancel", (event) => event.pointerId === pointer && stop(cancel));
  listen(target, "keydown", (event) => {
    if (pointer < 0 || event.key !== "Escape") return;
    event.stopPropagation();
    stop(cancel);
  });
}
