import { loadTagger } from '@jetsdk/infer';
import * as ort from 'onnxruntime-node';
import fs from 'fs';
for (const [name,side,out] of [['course-cnn',30,'score'],['tutorial-cnn',40,'probabilities']]) {
const bytes=new Uint8Array(fs.readFileSync(`/tmp/${name}.onnx`));
const t=await loadTagger(bytes,{device:'cpu',...(out==='probabilities'?{}:{})});
console.log(t.info.batchSize);
const mk=(o)=>ort.InferenceSession.create(bytes,{graphOptimizationLevel:name==='course-cnn'?'extended':'all',logSeverityLevel:4,interOpNumThreads:1,...o});
const s1=await mk({intraOpNumThreads:1}), s2=await mk({intraOpNumThreads:2,extra:{session:{intra_op:{allow_spinning:'0'}}}});
const sz=side*side;
const all=new Float32Array(sz*4096).map(()=>Math.random()<0.06?Math.random():0);
for(const n of [1,256,4096]) {
const data=all.subarray(0,sz*n);
const img={kind:'images',shape:[n,side,side,1],data};
const bare=(s)=>async()=>{const st=Math.min(n,t.info.batchSize); for(let i=0;i<n;i+=st) await s.run({image:new ort.Tensor('float32',data.subarray(i*sz,(i+st)*sz),[st,side,side,1])},[out])};
const c={ours:()=>t.score(img), b1:bare(s1), b2:bare(s2)};
for(const k in c) await c[k]();
const res={};
for(let r=0;r<5;r++) for(const k in c){ let m=0; const c0=process.cpuUsage(),t0=performance.now(); while(performance.now()-t0<200){ await c[k]();m+=n;} const w=performance.now()-t0,u=process.cpuUsage(c0); (res[k]??=[]).push([m/w*1e3, m/((u.user+u.system)/1e6)]); }
for(const k in res) console.log(name,n,k,'wall',Math.round(Math.max(...res[k].map(x=>x[0]))),'cpu',Math.round(Math.max(...res[k].map(x=>x[1]))));
}
await t.dispose();}
