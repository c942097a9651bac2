import { missingPackages } from "../../test/integration/python.ts";
import { checkSameLists } from "../agreement.ts";
import type { Case } from "../case.ts";
import { ANSWER_ROWS, BATCH_ROWS } from "../cases/large-answers.ts";
import { runBench } from "../program.ts";
import { K, ourAnswers } from "../questions.ts";
import { openPeers, type Peer } from "./python.ts";
import { openTrainingPeer } from "./training.ts";

const PACKAGES = ["implicit==0.7.3", "numpy", "scipy"];
const PEERS: readonly Peer[] = ["implicit", "numpy"];

const missing = missingPackages(["implicit", "numpy", "scipy"], PACKAGES);
if (missing !== null) {
  process.stderr.write(`bench: ${missing}\n`);
  process.exit(2);
}
const peers = openPeers();
const trainingPeer = openTrainingPeer();

const cases: Case[] = PEERS.flatMap((peer) =>
  Object.entries({ ...ANSWER_ROWS, ...BATCH_ROWS }).map(([id, ask]) => ({
    id: `${id}-${peer}`,
    peer: `${peer}, one thread`,
    unit: "µs",
    isRate: false,
    isLong: false,
    prepare: async (lab) => {
      const questions = await ask(lab);
      const ours = ourAnswers(lab, questions);
      await peers.load(questions);
      const same = checkSameLists(id, ours.lists, await peers.lists(peer));
      return {
        reprise: ours.microseconds,
        peer: () => peers.microseconds(peer),
        note: `top ${K} of ${questions.about}; the same ids in ${same} of ${ours.lists.length} lists`,
      };
    },
  })),
);

await runBench([...cases, ...trainingPeer.cases], trainingPeer.apart);
peers.close();
trainingPeer.close();
