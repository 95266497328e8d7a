// What Gradio's chat leaves undone for people who listen to the page or read long answers.
(function () {
  "use strict";

  // Gradio labels each message with its source, entities and all, which would be read aloud.
  function dropSourceLabels() {
    for (const message of document.querySelectorAll("#log [data-testid][aria-label]")) {
      message.removeAttribute("aria-label");
    }
  }

  // A new answer is read from its beginning: the question is brought to the top, the focus stays.
  let shown = "";
  function showNewest() {
    const replies = document.querySelectorAll("#log .reply");
    const answer = replies.length ? replies[replies.length - 1].closest(".message-row") : null;
    const before = answer && answer.previousElementSibling;
    const asked = before && before.classList.contains("user-row") ? before : null;
    // Their number alone does not tell: old messages make room for new ones.
    const newest = answer ? replies.length + (asked || answer).textContent + answer.textContent : "";
    if (newest && newest !== shown) {
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      (asked || answer).scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
    }
    shown = newest;
  }

  // The room the help line takes at the top, so that nothing is scrolled or focused under it.
  function measureBand() {
    const band = document.getElementById("band");
    const sticks = band && getComputedStyle(band).position === "sticky";
    const height = sticks ? band.offsetHeight : 0;
    document.documentElement.style.setProperty("--band", height + "px");
  }

  new MutationObserver(function () {
    dropSourceLabels();
    showNewest();
    measureBand();
  }).observe(document.documentElement, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["aria-label", "data-size"],
  });
  addEventListener("resize", measureBand);
})();
