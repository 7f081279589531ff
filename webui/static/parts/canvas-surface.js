// @ts-check
/**
 * A canvas that stays crisp: it has as many pixels as the screen shows, and is painted anew after a change of its size,
 * of the theme, or when asked to; never more than once a frame.
 */
import { element } from "./element.js";
import { onTheme } from "./theme.js";

const MOST_PIXELS = 8192; // each way

export class CanvasSurface {
  #waiting = 0;
  #forgetTheme;

  /**
   * @param {(context: CanvasRenderingContext2D, size: {width: number, height: number, ratio: number}) => void} paint
   *     in CSS pixels; called only where there is something to be seen
   * @param {string} [names] classes
   */
  constructor(paint, names = "") {
    this.paint = paint;
    this.width = 0;
    this.height = 0;
    this.ratio = 1;
    this.element = element("canvas", { class: names, "aria-hidden": "true" });
    this.observer = new ResizeObserver((entries) => this.#resize(entries[entries.length - 1]));
    this.observer.observe(this.element);
    this.#forgetTheme = onTheme(() => this.request());
  }

  /** Paint before the next frame. */
  request() {
    this.#waiting ||= requestAnimationFrame(() => {
      this.#waiting = 0;
      this.now();
    });
  }

  /** Paint at once. */
  now() {
    const context = this.element.getContext("2d");
    if (!context || !this.width || !this.height) return;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    context.save();
    this.paint(context, { width: this.width, height: this.height, ratio: this.ratio });
    context.restore();
  }

  destroy() {
    this.observer.disconnect();
    this.#forgetTheme();
    cancelAnimationFrame(this.#waiting);
  }

  /** @param {ResizeObserverEntry} entry */
  #resize(entry) {
    const { width, height } = entry.contentRect;
    const box = this.element.getBoundingClientRect(); // zoomed with the root, as contentRect is not
    const exact = entry.devicePixelContentBoxSize?.[0];
    this.width = width;
    this.height = height;
    this.element.width = pixels(box.width, exact?.inlineSize);
    this.element.height = pixels(box.height, exact?.blockSize);
    this.ratio = width ? this.element.width / width : 1;
    this.now();
  }
}

/**
 * Pixels of the screen along one side; what the browser counted is believed where it is near.
 * @param {number} length
 * @param {number} [exact]
 */
function pixels(length, exact) {
  const expected = length * devicePixelRatio;
  return Math.min(MOST_PIXELS, exact !== undefined && Math.abs(exact - expected) < 2 ? exact : Math.round(expected));
}
