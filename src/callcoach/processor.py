"""What this machine's processor does well. Knows nothing of what it is used for."""


def bfloat16_is_fast() -> bool:
    """Whether this processor has instructions for bfloat16; emulated it is slower than anything."""
    import torch  # heavy

    asked = (getattr(torch.cpu, name, None) for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"))
    return any(ask() for ask in asked if ask is not None)
