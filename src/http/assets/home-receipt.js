import { resultDigest } from "./home-digest.js";
import { byId, copyButton, element } from "./home-dom.js";

/** The receipt: what was answered from what, with digests that can be copied and one that is checked here. */
export function showReceipt(answer) {
  const { provenance } = answer;
  const check = element("p", { class: "check", id: "check", role: "status" });
  const json = JSON.stringify(provenance, null, 2);
  const wasOpen = byId("receipt").querySelector("details")?.open ?? false;
  const details = element("details", { class: "receipt card" }, [
    element("summary", {}, ["Receipt"]),
    element("p", { class: "help" }, ["Everything it takes to compute this very list again, bit for bit."]),
    check,
    element(
      "dl",
      {},
      rows(provenance).flatMap(([name, value]) => row(name, value)),
    ),
    element("div", { class: "row" }, [element("h3", {}, ["As JSON"]), copyButton(json, "Copy the receipt as JSON")]),
    element("pre", { tabindex: "0", "aria-label": "The receipt as JSON" }, [json]),
  ]);
  details.open = wasOpen;
  byId("receipt").replaceChildren(details);
  verify(answer, check);
}

function rows(provenance) {
  return [
    ["Model", `${provenance.model_name} ${provenance.model_version}`],
    ["Answered", new Date(provenance.timestamp).toISOString()],
    ["Result", provenance.result_digest],
    ["Artifact", provenance.artifact_digest],
    ["Engine", provenance.engine_digest],
    ["Data", provenance.data_snapshot_id],
    ["Commit", provenance.git_sha],
    ["Runtime", provenance.runtime],
    ["Request", provenance.request_id],
  ];
}

function row(name, value) {
  const isDigest = /^(sha256:)?[0-9a-f]{64}$/.test(value);
  const code = element("code", isDigest ? { title: value } : {}, [isDigest ? shortDigest(value) : value]);
  return [
    element("dt", {}, [name]),
    element("dd", {}, [code, ...(isDigest ? [copyButton(value, `Copy the digest of: ${name}`)] : [])]),
  ];
}

function shortDigest(digest) {
  return `${digest.slice(0, 15)}…${digest.slice(-4)}`;
}

async function verify(answer, check) {
  const digest = await resultDigest(answer.recommendations);
  if (digest === null) return;
  const matches = digest === answer.provenance.result_digest;
  check.classList.add(matches ? "good" : "bad");
  check.textContent = matches
    ? "✓ This browser computed the digest of the list above: it is the receipt's."
    : "✗ The list above does not have the receipt's digest.";
}
