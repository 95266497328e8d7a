// Follows the job that runs: its bar and step, and the page anew when it is over.
"use strict";
(() => {
  const job = document.getElementById("job");
  if (!job) return;
  const bar = document.getElementById("job-bar");
  const step = document.getElementById("job-step");
  const look = async () => {
    let told;
    try {
      const answer = await fetch("/staff/jobs/state", { headers: { accept: "application/json" } });
      if (!answer.ok || answer.redirected) return location.reload();
      told = await answer.json();
    } catch {
      return setTimeout(look, 3000); // the server may be away for a moment
    }
    if (told.over || String(told.number) !== job.dataset.number) return location.reload();
    bar.max = told.total || 1;
    bar.value = told.done;
    step.textContent = `${told.step} ${told.done} of ${told.total}`;
    return setTimeout(look, 700);
  };
  setTimeout(look, 400);
})();
