"""Metal, by way of `mx.fast.metal_kernel`. It has not run on Apple hardware."""

from __future__ import annotations

from gml.backend.gpu.dialect import CPP_WORDS, OUR_WORDS, Dialect

METAL = Dialect(
    name="metal",
    header="metal.h",
    # Of 32 KB, the least that an Apple GPU has.
    shared_bytes=28_000,
    words=CPP_WORDS
    | OUR_WORDS
    | frozenset(
        """
    device constant thread threadgroup threadgroup_imageblock kernel vertex fragment
    metal access bool2 bool3 bool4 float2 float3 float4 half2 half3 half4 int2 int3
    int4 uint2 uint3 uint4 sampler texture array vec matrix simd
    """.split()  # noqa: SIM905  a list of words reads better so
    ),
)
