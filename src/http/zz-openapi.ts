import { testApp } from "./app.fixture.ts";
const { app } = testApp();
console.log(JSON.stringify(await (await app.request("/openapi.json")).json(), null, 1));
