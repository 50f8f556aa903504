import { describe, expect, test } from 'vitest';
import { firstLine } from './ortSession.js';

describe('firstLine', () => {
  test('leaves the lines of a native stack out', () => {
    expect(firstLine(new Error('\n no adapter\n    at Backend.cpp:1'))).toBe('no adapter');
    expect(firstLine('plain')).toBe('plain');
  });

  test('of a failure of CUDA keeps what failed, not where in the sources and on which machine', () => {
    const message =
      '/onnxruntime_src/cuda_call.cc:146 std::conditional_t<THRW, void> onnxruntime::CudaCall(ERRTYPE) [with THRW = true; ' +
      'SUCCTYPE = cudaError] CUDA failure 36: API call is not supported in the installed CUDA driver ; GPU=-1 ; ' +
      'hostname=vm ; file=/onnxruntime_src/cuda_execution_provider.cc ; line=352 ; expr=cudaSetDevice(info_.device_id); ';
    expect(firstLine(new Error(message))).toBe(
      'CUDA failure 36: API call is not supported in the installed CUDA driver',
    );
  });
});
