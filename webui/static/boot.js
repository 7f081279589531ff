/**
 * Runs before everything else, and as an ordinary script, so that it works where modules do not: it sets the theme
 * before the first picture, and says so when the page does not begin.
 */
(function () {
  "use strict";
  var late = 8000; // milliseconds
  try {
    var theme = localStorage.getItem("sda.theme");
    if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
    var zoom = Number(localStorage.getItem("sda.zoom"));
    if (zoom >= 0.5 && zoom <= 2) document.documentElement.style.setProperty("zoom", String(zoom));
  } catch (error) {
    /* a browser that keeps nothing: the system's theme it is */
  }
  function complain(words) {
    if (document.documentElement.dataset.begun) return;
    var main = document.getElementById("main");
    if (!main) return;
    var said = document.createElement("p");
    said.className = "boot-failure";
    said.setAttribute("role", "alert");
    said.textContent = words;
    main.replaceChildren(said);
  }
  window.addEventListener("error", function (event) {
    if (event.target && event.target.tagName === "SCRIPT") complain("A part of the page could not be loaded. Reload it; if that does not help, install the program again.");
  }, true);
  setTimeout(function () {
    complain("The page has not begun. This browser or web view may be too old for it: update it, or open the program in another browser with: sda app --browser");
  }, late);
})();
