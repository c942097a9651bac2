import { testApp } from "./app.fixture.ts";
const { post } = testApp();
const M = 1<<20;
const fill = (pre: string, el: string, suf: string) => { const n = Math.floor((M-pre.length-suf.length)/(el.length+1)); return pre + Array(n).fill(el).join(",") + suf; };
const keys = (n:number, pre="") => Array.from({length:n},(_, i)=>`"${pre}${i.toString(36)}":0`).join(",");
const cases: Record<string,string> = {
 ids0: fill('{"user_ids":[', "-1", "]}"), idsobj: fill('{"user_ids":[', "{}", "]}"),
 items: fill('{"items":[', '{}', "]}"), items1: fill('{"items":[', '1', "]}"), itemsu: fill('{"items":[', '{"movie_id":-1,"x":1}', "]}"),
 excl: fill('{"items":[{"movie_id":1}],"exclude":[', '-1', "]}"), genre: fill('{"items":[{"movie_id":1}],"genre":[', '1', "]}"),
 keys: `{${keys(130000)}}`, nested: `{"items":[${Array.from({length:1000},()=>`{${keys(120)}}`).join(",")}]}`,
 onekey: `{"items":[{${keys(120000)}}]}`, str: fill('{"user_ids":"', "x", '"}'), garbage: "[".repeat(M),
};
await post("/recommend", cases.garbage);
for (const [n,b] of Object.entries(cases)) for (const p of ["/recommend","/recommend/batch"]) { const t=performance.now(); const r=await post(p,b); const j: any = await r.json(); console.log(n,p,b.length,r.status,Math.round(performance.now()-t), j.detail?.slice(0,60)); }
