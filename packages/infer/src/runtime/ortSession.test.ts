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

  test('of a condition that does not hold keeps what it means', () => {
    const message =
      '/onnxruntime_src/core/providers/webgpu/webgpu_context.cc:136 onnxruntime::webgpu::WebGpuContext::Initialize(const ' +
      'onnxruntime::webgpu::WebGpuContextConfig&)::<lambda()> adapter_result.status == wgpu::RequestAdapterStatus::Success ' +
      'was false. Failed to get a WebGPU adapter: No supported adapters';
    expect(firstLine(new Error(message))).toBe('Failed to get a WebGPU adapter: No supported adapters');
  });

  test.each([
    [
      "Non-zero status code returned while running Conv node. Name:'conv_1/Relu_nchwc' Status Message: /onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:360 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool, onnxruntime::Stream*) Failed to allocate memory for requested buffer of size 16384000000",
      'out of memory: no room for 16384000000 bytes',
    ],
    ["running Conv node. Name:'conv_1/Relu_nchwc' Status Message: std::bad_alloc", 'out of memory'],
    [
      'failed to call OrtRun(). ERROR_CODE: 1, ERROR_MESSAGE: /mnt/_work/1/s/onnxruntime/core/common/safeint.h:17 static void SafeIntExceptionHandler<onnxruntime::OnnxRuntimeException>::SafeIntOnOverflow() Integer overflow',
      'out of memory: a tensor is too large',
    ],
  ])('of memory that is short says so', (message, expected) => {
    expect(firstLine(new Error(message))).toBe(expected);
  });
});
