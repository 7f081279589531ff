// @ts-check
/**
 * Watches the page for bench_page.py: when sound is scheduled to be heard, how long the main thread is blocked, what is
 * loaded. Runs before the page's own scripts.
 */
(() => {
  /** @type {any[]} gains that sounds go through, each with the time its first sound begins and the time it is raised */
  const gains = [];
  /** @type {number[]} */
  let tasks = [];
  let pressed = 0;
  let forgotten = 0;
  let shown = 0;

  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) tasks.push(task.duration);
  }).observe({ type: "longtask", buffered: true });
  for (const name of ["keydown", "pointerup", "click"])
    addEventListener(name, (event) => event.isTrusted && (pressed ||= event.timeStamp), true);

  /** A time of a context on the page's clock. @param {BaseAudioContext} context @param {number} seconds */
  const onPage = (context, seconds) => performance.now() + 1000 * Math.max(0, seconds - context.currentTime);

  const { createGain } = BaseAudioContext.prototype;
  BaseAudioContext.prototype.createGain = function () {
    const made = createGain.call(this);
    const gain = { born: performance.now(), sounds: Infinity, raised: Infinity, over: Infinity };
    const param = /** @type {any} */ (made.gain);
    const { setValueAtTime, linearRampToValueAtTime } = AudioParam.prototype;
    let begins = 0;
    param.setValueAtTime = (/** @type {number} */ value, /** @type {number} */ at) => {
      begins = onPage(this, at);
      return setValueAtTime.call(param, value, at);
    };
    param.linearRampToValueAtTime = (/** @type {number} */ value, /** @type {number} */ at) => {
      if (value > 0) [gain.raised, gain.over] = [begins, onPage(this, at)];
      return linearRampToValueAtTime.call(param, value, at);
    };
    /** @type {any} */ (made).watched = gain;
    gains.push(gain);
    return made;
  };
  const { connect } = AudioNode.prototype;
  AudioNode.prototype.connect = function (/** @type {any[]} */ ...values) {
    /** @type {any} */ (this).watched ??= values[0].watched;
    return /** @type {any} */ (connect).apply(this, values);
  };
  const { start } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (when = 0, ...values) {
    const gain = /** @type {any} */ (this).watched;
    if (gain) gain.sounds = Math.min(gain.sounds, onPage(this.context, when));
    return start.call(this, when, ...values);
  };

  /** @param {() => number} find a time, or Infinity @param {number} within milliseconds */
  const until = (find, within) =>
    new Promise((resolve) => {
      const end = performance.now() + within;
      const look = () => {
        const found = find();
        if (pressed && found < Infinity) resolve(found - pressed);
        else if (performance.now() > end) resolve(null);
        else setTimeout(look, 4);
      };
      look();
    });

  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const MORE_MS = 1000; // until a list has ended of which no more comes
  let listed = "";
  const listOf = (/** @type {string} */ name) => document.querySelector(`ul[aria-label="${name}"]`);
  const textOf = (/** @type {string} */ name) =>
    [...(listOf(name)?.children ?? [])].map((one) => one.getAttribute("aria-label") ?? one.textContent).join();

  /** The element that a list scrolls in. @param {string} name */
  const scrollerOf = (name) => {
    let node = /** @type {HTMLElement} */ (listOf(name));
    while (node.scrollHeight <= node.clientHeight || getComputedStyle(node).overflowY === "visible")
      node = /** @type {HTMLElement} */ (node.parentElement);
    return node;
  };

  /** Whether a row is in the middle of what is seen of a list. @param {HTMLElement} node */
  const isFilled = (node) => {
    const { left, width, top, bottom } = node.getBoundingClientRect();
    return [0.25, 0.5, 0.75].every((share) => {
      const y = top + share * (Math.min(bottom, innerHeight) - top);
      return document.elementsFromPoint(left + width / 3, y).some((one) => one.tagName === "LI" && node.contains(one));
    });
  };

  Object.assign(window, {
    bench: {
      /** From now on only what comes counts. */
      forget() {
        pressed = 0;
        forgotten = performance.now();
      },
      /** @param {number} within */
      heard: (within) =>
        until(() => {
          const fresh = gains.filter((one) => one.born > forgotten).map((one) => Math.max(one.sounds, one.raised));
          return Math.min(Infinity, ...fresh);
        }, within),
      /** @param {number} within */
      switched: (within) =>
        until(() => Math.min(Infinity, ...gains.map((one) => one.over).filter((at) => at < Infinity && at > forgotten)), within),
      /** How long tasks were, of more than 50 ms, since this was asked last. */
      tasks() {
        const found = tasks;
        tasks = [];
        return found;
      },
      usable() {
        const [page] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
        return shown - page.responseStart;
      },
      kilobytes() {
        const all = /** @type {PerformanceResourceTiming[]} */ ([
          ...performance.getEntriesByType("resource"),
          ...performance.getEntriesByType("navigation"),
        ]);
        const own = all.filter((one) => new URL(one.name).pathname.match(/^\/($|static\/)/));
        const sizes = new Map(own.map((one) => [one.name, one.encodedBodySize]));
        return [...sizes.values()].reduce((sum, size) => sum + size, 0) / 1000;
      },
      /**
       * Scroll a list by some pixels; how long until its rows are there, null at its end.
       * @param {string} name @param {number} pixels
       */
      async scroll(name, pixels) {
        const node = scrollerOf(name);
        const begun = performance.now();
        const before = node.scrollTop;
        const moves = () => (node.scrollTop += pixels) !== before;
        while (!moves() && performance.now() - begun < MORE_MS) await frame();
        if (node.scrollTop === before) return null;
        do await frame();
        while (!isFilled(node) && performance.now() - begun < 5000);
        return performance.now() - begun;
      },
      /** Scroll a list to its top. @param {string} name */
      async top(name) {
        scrollerOf(name).scrollTop = 0;
        await frame();
      },
      /** Until a list is there, or shows other things than when it was told to forget. @param {string} name @param {number} within */
      listed: (name, within) =>
        until(() => {
          const now = textOf(name);
          return now && now !== listed ? performance.now() : Infinity;
        }, within),
      /** From now on only other things count. @param {string} name */
      forgetList(name) {
        listed = textOf(name);
        pressed = 0;
      },
    },
  });
  performance.setResourceTimingBufferSize(2000);
  new MutationObserver(() => {
    if (!shown && document.querySelector("[role=slider], input[type=range]")?.getClientRects().length) shown = performance.now();
  }).observe(document, { subtree: true, childList: true, attributes: true });
})();
