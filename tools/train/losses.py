"""What training asks of the eyes: near to the photo's, of its look to dlib's features, of its landmarks to the app's mesh."""
import torch
from torch import nn
from torch.nn import functional as F

import augment
import frozen
import strip
from network import windows

# Extra weight of pixels between the wished lids, where details are small and matter most.
OPENING_WEIGHT = 2.0
# Part of a batch that the mesh looks at: it costs as much as the network itself.
MESH_SHARE = 4


def composite(out: torch.Tensor, batch: dict) -> torch.Tensor:
    """The new eyes in the photo, as the app lays them in."""
    return batch["target"] + batch["soft"] * (out - batch["target"])


def pixel_loss(out: torch.Tensor, batch: dict) -> torch.Tensor:
    """Mean difference 0..1 under the mask, more of it between the lids."""
    weight = (batch["mask"] > 0).float() * (1 + OPENING_WEIGHT * batch["guide"][:, :1])
    return ((out - batch["target"]).abs() * weight).sum() / (3 * weight.sum())


def feature_matching(of_fake: list, of_real: list) -> torch.Tensor:
    return sum((f - r.detach()).abs().mean() / (r.detach().abs().mean() + 1e-3) for f, r in zip(of_fake, of_real)) / len(of_fake)


class Perception(nn.Module):
    """Distance in the first layers of the app's identity network, of each eye at two sizes."""

    def __init__(self):
        super().__init__()
        self.graph = frozen.dlib_features()

    def features(self, strips: torch.Tensor) -> list:
        # One px less on each side is a size that the network's strides fit.
        eyes = torch.cat(windows(strips))[..., 1:-1, 1:-1] * 255
        return self.graph(eyes)

    def forward(self, out: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            wanted = self.features(target)
        return sum((a - b).abs().mean() / (b.abs().mean() + 1e-3) for a, b in zip(self.features(out), wanted)) / len(wanted)


class MeshLoss(nn.Module):
    """Mean distance of lids and irises that the app's mesh sees in the finished face from those of the photo, in eye distances."""

    def __init__(self):
        super().__init__()
        self.graph = frozen.mesh()

    def forward(self, eyes: torch.Tensor, batch: dict) -> torch.Tensor:
        n = max(1, eyes.shape[0] // MESH_SHARE)
        faces = batch["face"][:n].permute(0, 3, 1, 2).float() / 255
        faces = paste(eyes[:n], batch["soft"][:n], faces, batch["to_face"][:n])
        landmarks = self.graph(faces)[0].float().reshape(n, -1, 3)[:, augment.LANDMARKS, :2]
        scale = torch.linalg.det(batch["to_face"][:n, :, :2].float()).sqrt() * strip.EYE_DISTANCE
        return ((landmarks - batch["landmarks"][:n]).abs().mean((1, 2)) / scale).mean()


def paste(strips: torch.Tensor, soft: torch.Tensor, faces: torch.Tensor, to_face: torch.Tensor) -> torch.Tensor:
    """Faces [n, 3, s, s] with strips laid in by `soft`. `to_face` [n, 2, 3]: strip px to face px, corner origin."""
    side = faces.shape[-1]
    turn = torch.linalg.inv(to_face[:, :, :2])
    shift = -(turn @ to_face[:, :, 2:])
    # To the places -1..1 of grid_sample and of the grid that affine_grid makes.
    size = torch.tensor([strip.WIDTH, strip.HEIGHT], dtype=turn.dtype, device=turn.device)[:, None]
    theta = torch.cat([turn * side / size, (turn.sum(2, keepdim=True) * side + 2 * shift) / size - 1], 2)
    grid = F.affine_grid(theta, faces.shape, align_corners=False)
    seen = F.grid_sample(torch.cat([strips, soft], 1), grid, align_corners=False)
    return faces + seen[:, 3:] * (seen[:, :3] - faces)


def gradient_penalty(discriminator: nn.Module, batch: dict) -> torch.Tensor:
    """R1 (Mescheder et al. 2018): squared gradient of the real eyes' score."""
    real = batch["target"].detach().requires_grad_(True)
    score, _ = discriminator(real, batch["guide"], batch["soft"])
    (gradient,) = torch.autograd.grad(score.float().mean((1, 2, 3)).sum(), real, create_graph=True)
    return gradient.pow(2).sum((1, 2, 3)).mean()
