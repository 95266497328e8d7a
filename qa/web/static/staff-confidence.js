// Shows what a threshold would do while the slider moves.
"use strict";
(() => {
  const trial = document.getElementById("trial");
  if (!trial) return;
  const part = (id) => document.getElementById(id);
  const slider = part("threshold");
  const texts = [part("chosen"), part("saving")].filter(Boolean);
  const save = part("saved-threshold");
  let waiting = 0;
  let asked = null;

  const look = async () => {
    asked?.abort();
    asked = new AbortController();
    const wanted = new URLSearchParams({ run: trial.dataset.run, threshold: slider.value });
    let told;
    try {
      const answer = await fetch(`/staff/confidence/effect?${wanted}`, { signal: asked.signal });
      if (!answer.ok || answer.redirected) return trial.requestSubmit();
      told = await answer.json();
    } catch (error) {
      if (error.name !== "AbortError") part("said").textContent = "The server does not answer.";
      return undefined;
    }
    part("effect").innerHTML = told.html; // escaped by the server, as the page itself is
    part("said").textContent = told.summary;
    return undefined;
  };

  const moved = () => {
    const now = Number(slider.value).toFixed(2);
    for (const text of texts) text.textContent = now;
    if (save) save.value = now;
    clearTimeout(waiting);
    waiting = setTimeout(look, 150); // else a screen reader would speak of every step
  };

  const stepBy = (steps) => () => {
    slider.stepUp(steps);
    moved();
  };
  for (const [id, steps] of [["less", -1], ["more", 1]]) {
    part(id).hidden = false;
    part(id).addEventListener("click", stepBy(steps));
  }
  part("show").hidden = true;
  slider.addEventListener("input", moved);
  // A browser that comes back to the page may have kept another value.
  if (save && Number(slider.value) !== Number(save.value)) moved();
})();
