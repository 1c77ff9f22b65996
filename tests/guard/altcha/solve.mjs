// ALTCHA's own library as a client and as a server: solves a challenge of ours, and says whether it would have accepted
// the solution, had it made the challenge itself with the same secrets.
//
// node solve.mjs ADDRESS CHALLENGE_SECRET KEY_SECRET: a line of JSON with the challenge's parameters, how long it took,
// the payload, and what the library says of that.
import { solveChallenge, verifySolution } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/scrypt";

const [address, hmacSignatureSecret, hmacKeySignatureSecret] = process.argv.slice(2);
const challenge = await (await fetch(address)).json();
const solution = await solveChallenge({ challenge, deriveKey });
const payload = btoa(JSON.stringify({ challenge, solution }));
const fast = await verifySolution({ challenge, solution, deriveKey, hmacSignatureSecret, hmacKeySignatureSecret });
const byWork = await verifySolution({ challenge, solution, deriveKey, hmacSignatureSecret });
const seconds = solution.time / 1000;
console.log(JSON.stringify({ ...challenge.parameters, counter: solution.counter, seconds, payload,
  verified: fast.verified, verifiedByWork: byWork.verified }));
