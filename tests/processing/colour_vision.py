"""How far apart two colours look: to most people, to those who lack a kind of cone, and printed in grey.

Sources: sRGB, IEC 61966-2-1; CIELAB, CIE 15:2004, white D65; CIEDE2000, Sharma, Wu and Dalal, « The CIEDE2000
color-difference formula », Color Research & Application 30(1), 2005, whose test pairs the tests take; dichromats,
Machado, Oliveira and Fernandes, « A physiologically-based model for simulation of color vision deficiency », IEEE
TVCG 15(6), 2009, severity 1.0.
"""

from __future__ import annotations

import math

import numpy as np

SEEN_BY = {
    "most people": np.eye(3),
    "protanopes": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopes": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopes": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.95047, 1.0, 1.08883])


def distance(one: str, other: str, eyes: str = "most people") -> float:
    """CIEDE2000 between two colours ``#rrggbb`` as seen by some."""
    return ciede2000(lab(one, eyes), lab(other, eyes))


def lightness(colour: str) -> float:
    """L* (0 black to 100 white): what is left of a colour in grey."""
    return float(lab(colour)[0])


def lab(colour: str, eyes: str = "most people") -> np.ndarray:
    channels = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    seen = np.clip(SEEN_BY[eyes] @ linear, 0, 1)
    share = (_TO_XYZ @ seen) / _WHITE
    x, y, z = np.where(share > (6 / 29) ** 3, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def ciede2000(one: np.ndarray, other: np.ndarray) -> float:
    """Equations (2) to (22) of Sharma et al., with k_L = k_C = k_H = 1."""
    (light1, a1, b1), (light2, a2, b2) = map(np.ndarray.tolist, map(np.asarray, (one, other)))
    mean7 = ((math.hypot(a1, b1) + math.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * math.sqrt(mean7 / (mean7 + 25.0**7))
    chroma1, chroma2 = math.hypot(stretch * a1, b1), math.hypot(stretch * a2, b2)
    hue1, hue2 = (math.degrees(math.atan2(b, stretch * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    grey = chroma1 * chroma2 == 0
    turn = 0.0 if grey else (hue2 - hue1 + 180) % 360 - 180
    d_light, d_chroma = light2 - light1, chroma2 - chroma1
    d_hue = 2 * math.sqrt(chroma1 * chroma2) * math.sin(math.radians(turn / 2))
    light, chroma = (light1 + light2) / 2, (chroma1 + chroma2) / 2
    hue = hue1 + hue2 if grey else _mean_hue(hue1, hue2)
    cosines = ((1, -30, -0.17), (2, 0, 0.24), (3, 6, 0.32), (4, -63, -0.20))
    t = 1 + sum(part * math.cos(math.radians(times * hue + shift)) for times, shift, part in cosines)
    s_light = 1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
    s_chroma, s_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    turned = 60 * math.exp(-(((hue - 275) / 25) ** 2))
    r = -math.sin(math.radians(turned)) * 2 * math.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    parts = d_light / s_light, d_chroma / s_chroma, d_hue / s_hue
    return math.sqrt(sum(part**2 for part in parts) + r * parts[1] * parts[2])


def _mean_hue(one: float, other: float) -> float:
    if abs(one - other) <= 180:
        return (one + other) / 2
    return (one + other + 360) / 2 if one + other < 360 else (one + other - 360) / 2
