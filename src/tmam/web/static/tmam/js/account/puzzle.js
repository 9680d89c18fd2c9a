// Solves the puzzle of a form (ALTCHA, SHA-256): `<input data-puzzle='{"salt": …, "challenge": …, "maxnumber": …}'>`.
// It starts by itself and works in small bites, so typing stays smooth; a form sent early waits for it.

import { sha256, words as wordsOf } from "./sha256.js";

const BITE_MS = 12;

for (const input of document.querySelectorAll("input[data-puzzle]")) begin(input);

function begin(input) {
  const words = input.parentElement.querySelector("[data-puzzle-words]");
  const solved = solve(JSON.parse(input.dataset.puzzle)).then((solution) => {
    input.value = solution;
    if (words?.textContent) words.textContent = words.dataset.puzzleDone;
  });
  input.form.addEventListener("submit", (event) => {
    if (input.value) return;
    event.preventDefault();
    if (words) words.textContent = words.dataset.puzzleWords;
    solved.then(() => input.form.requestSubmit(event.submitter));
  });
}

async function solve(puzzle) {
  const wanted = wordsOf(puzzle.challenge);
  for (let number = 0; number <= puzzle.maxnumber; ) {
    const until = performance.now() + BITE_MS;
    do {
      const found = sha256(puzzle.salt + number);
      if (found[0] === wanted[0] && found.every((word, at) => word === wanted[at])) {
        return btoa(JSON.stringify({ ...puzzle, number }));
      }
      number += 1;
    } while (number <= puzzle.maxnumber && performance.now() < until);
    await new Promise((next) => setTimeout(next));
  }
  return "none"; // not one of ours: the server will say so
}
