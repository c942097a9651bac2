import { areaLines, type Checklist, checklistOf, checklistText, filesLine } from "./checklist.ts";
import { projectFiles } from "./code-samples.ts";
import type { Folder } from "./folder.ts";
import { inspectEvidence } from "./inspect.ts";
import { CHECKLIST, EVIDENCE_PATHS, SUMMARY } from "./layout.ts";
import { pdfDocument } from "./pdf/document.ts";
import type { RenderPdf } from "./pdf/node.ts";
import type { Project } from "./project.ts";
import { type Author, packageReadme } from "./readme.ts";
import { type RecheckParts, recheck } from "./recheck.ts";
import type { Redaction } from "./redact.ts";

export interface PackageParts extends RecheckParts {
  readonly evidence: Folder;
  readonly folder: Folder;
  readonly project: Project;
  readonly author: Author;
  readonly redact: Redaction;
  /** Null where no PDF is wanted. */
  readonly renderPdf: RenderPdf | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const PDF = "deliverables.pdf";

/** Checks evidence anew and packs it; the checklist is written last. */
export async function packageDeliverables(parts: PackageParts): Promise<Checklist> {
  const { folder, project, author, now } = parts;
  const evidence = await inspectEvidence(parts.evidence, now);
  const checks = await recheck(evidence, parts);
  const { files, parts: packaged } = await projectFiles(project);
  const lines = [...areaLines(evidence, checks), ...packaged.map(filesLine)];
  const checklist = checklistOf(lines, evidence.summary.submission_date, new Date(now).toISOString());

  const write = (path: string, content: string | Uint8Array) =>
    folder.write(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
  await write(`evidence/${SUMMARY}`, evidence.summaryBytes);
  for (const path of EVIDENCE_PATHS) {
    const bytes = evidence.files.get(path);
    if (bytes) await write(`evidence/${path}`, bytes);
    else await folder.remove(`evidence/${path}`);
  }
  for (const { path, text } of files) await write(path, parts.redact.values(text));
  if (parts.renderPdf === null) await folder.remove(PDF);
  else await write(PDF, await parts.renderPdf(await pdfDocument({ evidence, checks, lines, author, now })));
  await write("README.md", packageReadme({ summary: evidence.summary, lines, author, pdf: parts.renderPdf !== null }));
  await write("DELIVERABLES_CHECKLIST.txt", checklistText(checklist));
  await write(CHECKLIST, `${JSON.stringify(checklist, null, 2)}\n`);
  return checklist;
}
