/** Workers give the compiled module of an imported binary; there is no other way to one there. */
declare module "*core.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "*core-relaxed.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "*core-test.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
