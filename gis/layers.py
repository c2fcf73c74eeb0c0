"""Which layers are in force, and which of them a reader may use.

Owns: the list of current layers and the question to `realtime.access` about each. Promises: a
layer that is retired, never published or not visible is absent, and all three look the same.
Must not know: what is asked of the layers, grounds of rights.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from realtime import access
from realtime.problems import NotFound

from . import index
from .models import Layer

Visible = Callable[[Layer], bool]
# every column of a layer raises `rev` when it changes; the others are what answers depend on most
STAMP = ("pk", "rev", "role", "audience", "current__sha256", "current__created_at")
_kept: tuple[tuple, tuple[Layer, ...]] = ((), ())


def everything(_layer: Layer) -> bool:
    """The `visible` of a caller who may see all layers."""
    return True


def current_layers(
    *, visible: Visible = everything, roles: Collection[str] | None = None
) -> list[Layer]:
    """Layers in force with their current version, in the order of the map; not to be changed."""
    layers = _in_force()
    return [one for one in layers if (roles is None or one.role in roles) and visible(one)]


def _in_force() -> tuple[Layer, ...]:
    """Every layer in force; read anew when a look at what a change would touch shows one."""
    global _kept
    layers = Layer.objects.filter(current__isnull=False, retired_at__isnull=True)
    stamp = tuple(layers.values_list(*STAMP))
    if _kept[0] != stamp:
        _kept = (stamp, tuple(layers.select_related("current")))
    return _kept[1]


def current_layer(slug: str, *, visible: Visible = everything) -> Layer:
    """One layer in force; NotFound when it is absent or not visible."""
    layer = Layer.objects.filter(slug=slug, current__isnull=False, retired_at__isnull=True)
    layer = layer.select_related("current").first()
    if layer is None or not visible(layer):
        raise NotFound
    return layer


def versions(*, roles: Collection[str] | None = None) -> dict[str, str]:
    """Current content hash by slug; differs from an earlier answer when a layer was published."""
    return {layer.slug: layer.current.sha256 for layer in current_layers(roles=roles)}


def audiences(slugs: Iterable[str]) -> dict[str, list[str]]:
    """Audience tags by slug, for whoever decides about rights."""
    return dict(Layer.objects.filter(slug__in=list(slugs)).values_list("slug", "audience"))


def shapes_of(layer: Layer) -> index.Shapes:
    """The features of a layer's current version."""
    return index.shapes(layer.slug, layer.current.sha256)


def visible_to(user: Any) -> Visible:
    """The `visible` of this request's user: rights are asked for once."""
    return with_rights(access.resolver().user_rights(user))


def with_rights(rights: access.Rights | None) -> Visible:
    """The `visible` of these rights; None sees nothing."""
    resolver = access.resolver()

    def visible(layer: Layer) -> bool:
        return rights is not None and resolver.layer(rights, layer.audience)

    return visible
