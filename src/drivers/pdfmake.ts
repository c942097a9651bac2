import pdfmake from "pdfmake";
import roboto from "pdfmake/fonts/Roboto.js";
import type { RenderPdf } from "../evidence/pdf/node.ts";

/** Draws PDFs by pdfmake, with the font that comes with it; a document can load nothing else. */
export const renderPdf: RenderPdf = async (definition) => {
  const fonts = Object.values(roboto.Roboto);
  pdfmake.setFonts({ Roboto: roboto.Roboto });
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => fonts.includes(path));
  return new Uint8Array(await pdfmake.createPdf(definition).getBuffer());
};
