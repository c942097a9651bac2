/** pdfmake's interface on a server, as far as it is used. */
declare module "pdfmake" {
  const pdfmake: {
    setFonts(fonts: Readonly<Record<string, Readonly<Record<string, string>>>>): void;
    setUrlAccessPolicy(mayLoad: (url: string) => boolean): void;
    setLocalAccessPolicy(mayRead: (path: string) => boolean): void;
    createPdf(definition: object): { getBuffer(): Promise<Uint8Array> };
  };
  export default pdfmake;
}
declare module "pdfmake/fonts/Roboto.js" {
  const fonts: { readonly Roboto: Readonly<Record<string, string>> };
  export default fonts;
}
