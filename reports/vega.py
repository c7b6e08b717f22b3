"""Vega-Lite to SVG and PNG, in this process and without a network.

The converter (vl-convert, of the extra `charts`) would fetch `data.url`, the addresses of image marks and those of a `loader`.
`allowed_base_urls=[]` stops the first but not the second, so `reports.vega_guard` refuses the means for both beforehand.
"""

from typing import Any, cast

from policy.problems import UserProblem

_VERSION = "5.20"
_PNG_SCALE = 2.0
_LARGEST = 4 * 1024 * 1024

Spec = dict[str, Any]

# Without a size of its own, a chart of many names would grow by a step for each of them.
_CONFIG: Spec = {
    "background": "#ffffff",
    "font": "sans-serif",
    "view": {"stroke": None, "continuousWidth": 420, "continuousHeight": 260, "discreteWidth": 420, "discreteHeight": 260},
    "axis": {
        "labelColor": "#5d5a53",
        "titleColor": "#5d5a53",
        "titleFontWeight": "normal",
        # Whoever looks has another font than the one measured here.
        "titlePadding": 12,
        "gridColor": "#ece9e2",
        "domainColor": "#dcd8cf",
        "tickColor": "#dcd8cf",
    },
    "title": {"color": "#1d1c1a", "fontWeight": 600, "fontSize": 13, "anchor": "start", "offset": 10},
    "legend": {"title": None, "labelColor": "#1d1c1a", "orient": "top", "symbolLimit": 30},
    "range": {"category": ["#9aa1ab", "#1f5a93", "#8a5a00", "#2b6f49", "#ad2417", "#6f6b63"]},
}


def svg(spec: Spec) -> str:
    """A checked specification as SVG.

    Raises UserProblem where the extra `charts` is missing or the specification does not work.
    """
    return cast(str, _convert("vegalite_to_svg", spec))


def png(spec: Spec) -> bytes:
    """A checked specification as PNG, at twice its size in pixels. Raises as `svg` does."""
    return cast(bytes, _convert("vegalite_to_png", spec, scale=_PNG_SCALE))


def _convert(function: str, spec: Spec, **options: Any) -> str | bytes:
    try:
        import vl_convert
    except ImportError as error:
        raise UserProblem("drawing charts needs vl-convert", next="install assay[charts]") from error
    try:
        made = getattr(vl_convert, function)(spec, vl_version=_VERSION, config=_CONFIG, allowed_base_urls=[], **options)
    except ValueError as error:
        first = str(error).strip().splitlines()[-1][:200]
        raise UserProblem(f"the chart cannot be drawn: {first}", next="check the plot's template and fields") from error
    if len(made) > _LARGEST:
        raise UserProblem(f"the chart is larger than {_LARGEST:,} bytes", next="plot fewer points")
    return cast("str | bytes", made)
