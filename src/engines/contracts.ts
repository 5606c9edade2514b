/**
 * What the pipeline knows of the engines. Fakes, tiny twins and real workers all fit these.
 *
 * Every method is `method(input…, signal, report?)`. It rejects with an AbortError when the signal
 * aborts and with an AppError otherwise. Rasters handed in are copied unless a method says that it takes them;
 * rasters handed back are the caller's.
 */
import type { Config } from '../core/config';
import type { EyeMaskShape } from '../core/crop';
import type { Detection, EyeShape, FaceMesh, Identity } from '../core/face';
import type { Blended, Candidate, GenerationRequest, GenerationResult } from '../core/generation';
import type { Point } from '../core/geometry';
import type { GpuFacts, GpuReport } from '../core/gpu';
import type { Detector, DetectorChoice, Device, Look } from '../core/look';
import type { OpenRequest } from '../core/opening';
import type { Pack } from '../core/pack';
import type {
  ImportResult,
  OpenPack,
  OtherCache,
  PackNews,
  PackRequest,
  PackStatus,
  Upload,
} from '../core/packDisk';
import type { EyeColours, PaintNews, PaintRequest, PaintResult } from '../core/painting';
import type {
  CropFrame,
  PhotoId,
  PhotoInfo,
  PhotoView,
  Placement,
  RegionRequest,
  SavedPhoto,
  SaveOptions,
} from '../core/photo';
import type { Raster } from '../core/raster';
import type { Laid, RestoredSquare, RestoreExtent, RestorePhase, RestoreRequest } from '../core/restoration';
import type {
  LanguageAnswer,
  LanguageNews,
  LanguageQuestion,
  LanguageWish,
  ModelSpeaker,
  SpeakerState,
} from '../core/wording';

/** A hint: by default how much is done, 0..1, which never falls within one call. */
export type Report<News = number> = (news: News) => void;

/** Owns the full-size pixels. The original is never changed: placed faces lie over it and can be taken off. */
export interface PhotoEngine {
  /**
   * Decodes upright, first frame only. Keeps the original bytes' EXIF, ICC and XMP aside.
   * @throws photo-unreadable (empty, broken, not a picture, `details.reason`), photo-too-large (`details.megapixels`, `details.limitMegapixels`)
   */
  open(file: Blob, name: string, signal: AbortSignal, report?: Report): Promise<PhotoInfo>;

  /** The picture for the screen, with placed faces; longest side at most `maxSidePx`, never enlarged. */
  view(photo: PhotoId, maxSidePx: number, withFaces: boolean, signal: AbortSignal): Promise<PhotoView>;

  /** Parts of the original, for detectors. */
  regions(
    photo: PhotoId,
    requests: readonly RegionRequest[],
    signal: AbortSignal,
  ): Promise<readonly Raster<'view'>[]>;

  /** Face squares of the original; outside the photo the edge is repeated. Shrinking averages, enlarging is bicubic. */
  cut(photo: PhotoId, frames: readonly CropFrame[], signal: AbortSignal): Promise<readonly Raster<'crop'>[]>;

  /** As `cut`, of the photo as it looks with its placed faces: what was made is judged on this. */
  cutPlaced(
    photo: PhotoId,
    frames: readonly CropFrame[],
    signal: AbortSignal,
  ): Promise<readonly Raster<'crop'>[]>;

  /** Colour, light and grain of the candidate brought to the original square's; see `Blended`. @throws BLEND_001 */
  blend(
    photo: PhotoId,
    frame: CropFrame,
    candidate: Candidate,
    settings: Config['blend'],
    signal: AbortSignal,
  ): Promise<Blended>;

  /** Lays a square over the photo through the inverse transform; replaces what was placed for that face. */
  place(
    photo: PhotoId,
    face: number,
    frame: CropFrame,
    square: Blended,
    signal: AbortSignal,
  ): Promise<Placement>;

  /**
   * A restored face as it would lie on the photo and over what is placed for that face; nothing is laid down yet. Detail that
   * its 512 px cannot hold stays the photo's, grain that was smoothed away comes back, gray photos stay gray.
   * @param frame of the square that was restored
   * @returns null: it covers nothing of the photo, or (`eyes`) nothing is placed for that face
   */
  fitRestored(
    photo: PhotoId,
    face: number,
    frame: CropFrame,
    restored: RestoredSquare,
    extent: RestoreExtent,
    settings: Pick<Config['blend'], 'grainMatch'>,
    signal: AbortSignal,
  ): Promise<Laid | null>;

  /** Takes a placed face off again; the bytes beneath were never touched. */
  undo(photo: PhotoId, face: number, signal: AbortSignal): Promise<void>;

  /** The photo with placed faces and its metadata. Pixels no face covers are those of the decoded original. */
  save(photo: PhotoId, options: SaveOptions, signal: AbortSignal, report?: Report): Promise<SavedPhoto>;

  /** Squares as PNG files, for the verbose record. */
  encode(squares: readonly Raster<'crop'>[], signal: AbortSignal): Promise<readonly Blob[]>;

  /** Masks as white-on-black squares of `sidePx`; several shapes in one entry are united. */
  masks(
    sidePx: number,
    shapes: readonly (readonly EyeMaskShape<'crop'>[])[],
    signal: AbortSignal,
  ): Promise<readonly Raster<'crop'>[]>;

  close(photo: PhotoId, signal: AbortSignal): Promise<void>;
}

/** Faces and landmarks. Stateless but for its loaded networks, which every method loads when it needs them. */
export interface VisionEngine {
  /**
   * Settles which detector looks, and loads what it needs: for `auto` Buffalo_L where its pack is whole on this
   * computer and can be used, else the embedded one, which always can. Who asks for one by name gets it or an error.
   * @throws model-missing (`details.detector`: its pack is not here; `details.lost`: the disk lost a part of it),
   * model-corrupt (`details.detector`, `details.path`: it is another model), gpu-missing or gpu-wrong when it should
   * run there
   */
  ready(choice: DetectorChoice, signal: AbortSignal): Promise<Detector>;

  /**
   * Faces in one picture, best first, overlaps merged as that detector does it. Boxes may reach out of the picture,
   * and always have an area.
   * @throws as `ready`; FACE_DET_001 when the network fails or answers with what are no numbers
   */
  detect(look: Look, signal: AbortSignal): Promise<readonly Detection<'view'>[]>;

  /** Dense landmarks for upright face squares of 256 px, one mesh a square. @throws FACE_DET_001 */
  landmarks(squares: readonly Raster<'crop'>[], signal: AbortSignal): Promise<readonly FaceMesh<'crop'>[]>;

  /** InsightFace's 106 points for face squares of 192 px, from Buffalo_L's pack. @throws as `detect` */
  points106(
    squares: readonly Raster<'crop'>[],
    device: Device,
    signal: AbortSignal,
  ): Promise<readonly (readonly Point<'crop'>[])[]>;

  /** Who is who, from dlib's face chips of 150 px (`chipFrame`), one answer a chip. @throws FACE_DET_001 */
  identify(chips: readonly Raster<'crop'>[], signal: AbortSignal): Promise<readonly Identity[]>;

  /** Colours of an open eye as a face square shows it; null: too small, covered, or without colour. */
  eyeColours(
    square: Raster<'source'>,
    eye: EyeShape<'source'>,
    signal: AbortSignal,
  ): Promise<EyeColours | null>;
}

/** Paints or fetches open eyes. */
export interface GeneratorEngine {
  /** Takes the squares' pixels: the caller must not read them again. @throws GEN_001 when the engine failed; finding nothing usable is an answer, not an error. */
  generate(request: GenerationRequest, signal: AbortSignal, report?: Report): Promise<GenerationResult>;
}

/** Opens eyes with the network that the app ships, from the face alone. */
export interface OpenerEngine {
  /**
   * One candidate a seed, in order. Takes the pictures' pixels: the caller must not read them again.
   * @throws AppError GEN_001 (the network failed, or answered with no numbers); model-missing (`details.url`: a file of
   * the app is missing)
   */
  open(request: OpenRequest, signal: AbortSignal): Promise<readonly Candidate[]>;
}

/** Paints open eyes with a diffusion model on the GPU. */
export interface PainterEngine {
  /**
   * All faces and variations go through each network while it is loaded, once. What is done is kept on the disk: the
   * same request goes on from its last step after a loss or a reload. A variation that fails is told in its face's
   * `failures`. Reports after each run of a network, if it is only to be heard.
   * @throws AppError model-missing (`details.pack`; `details.lost`), model-corrupt (`details.path`), gpu-missing,
   * gpu-wrong; gpu-too-small and engine-lost, after which a smaller plan may do; bad-request (`details.field`)
   */
  paint(request: PaintRequest, signal: AbortSignal, report?: Report<PaintNews>): Promise<PaintResult>;
}

/** Restores faces with a network that knows them. */
export interface RestorerEngine {
  /**
   * The same face square with detail drawn anew. The network stays open for the next call.
   * @throws AppError RES_001 (the network failed, or answered with no numbers), model-missing (`details.pack`;
   * `details.lost`), model-corrupt (`details.pack`, `details.path`), gpu-missing, gpu-wrong, engine-lost
   */
  restore(
    request: RestoreRequest,
    signal: AbortSignal,
    report?: Report<RestorePhase>,
  ): Promise<RestoredSquare>;
}

/**
 * Model packs on this computer's disk. One window at a time works on a pack; the others hear of it (`watch`).
 * A cancelled or failed download keeps every chunk that was whole and right: the next `ensure` asks for the rest only.
 */
export interface PackEngine {
  /** Every downloadable pack of the catalog and of the disk. Works offline with what is on disk. */
  status(signal: AbortSignal): Promise<readonly PackStatus[]>;

  /**
   * Fetches and checks what is missing of the catalog's revision. Sources in order: the disk, the app's own origin,
   * the pack's base URL, the mirror. When another window is at it, waits for that and goes on from there.
   * @throws bad-request (unknown pack; terms not accepted: `details.terms`; a mirror that is no web address:
   * `details.field`; a page that is not served safely: `details.insecure`), download-failed (`details.host`,
   * `details.reason` in words), model-missing (no source has it: `details.hosts`), model-corrupt (`details.path`;
   * `details.changed` when it is not what was first seen; `details.field` when a description is wrong), storage-full
   * (`details.missingBytes`, `details.removable`: ids of packs and other caches on the disk, separated by commas,
   * largest first)
   */
  ensure(request: PackRequest, signal: AbortSignal): Promise<void>;

  /** Handles of a whole pack, in milliseconds. @throws model-missing when it is not whole (`details.lost`: the disk lost a part) */
  open(pack: string, signal: AbortSignal): Promise<OpenPack>;

  /** Reads and hashes everything stored. What is damaged is taken off the disk. @returns paths of damaged files. @throws bad-request (`details.busy`: another window is at it), as the verbs below */
  verify(pack: string, signal: AbortSignal): Promise<readonly string[]>;

  /** All revisions of it. What was first seen of it, and accepted, stays known. */
  remove(pack: string, signal: AbortSignal): Promise<void>;

  /** Takes files that a person has: the same checks as a download. @throws as `ensure` */
  importFiles(request: PackRequest, uploads: readonly Upload[], signal: AbortSignal): Promise<ImportResult>;

  /**
   * Writes the pack as a folder `<pack id>` with a `pack.json`, ready to import or to host.
   * @throws model-missing; storage-full, or bad-request (`details.folder`) when the folder cannot be written
   */
  exportTo(pack: string, folder: FileSystemDirectoryHandle, signal: AbortSignal): Promise<void>;

  /** What other libraries keep in this app's storage; it may have to be read to be measured. */
  others(signal: AbortSignal): Promise<readonly OtherCache[]>;
  /** @throws bad-request (`details.busy`: that library has it open) */
  removeOther(id: string, signal: AbortSignal): Promise<void>;
}

export interface WatchedPackEngine extends PackEngine {
  /** Hears of the work on any pack in any window, a few times a second. @returns a function that ends it */
  watch(listener: (news: PackNews) => void): () => void;
}

/** This computer's GPU. */
export interface GpuEngine {
  /** What is known without starting anything: the adapter, and the remembered self-check. */
  report(packs: readonly Pack[], signal: AbortSignal): Promise<GpuReport>;
  /** The same after a new self-check, which loads the runtime and takes seconds. */
  check(packs: readonly Pack[], signal: AbortSignal): Promise<GpuReport>;
}

/** What the GPU's worker knows; `gpuReport` says it in sentences. */
export interface GpuProbe {
  /** Without starting anything. Null: the browser gives no adapter. */
  facts(signal: AbortSignal): Promise<GpuFacts | null>;
  /** The same after a new self-check, whatever it found. @throws engine-lost when it cost the device. */
  check(signal: AbortSignal): Promise<GpuFacts | null>;
}

/** Language models. They answer one question with one JSON text; what it is worth, `varyWordings` judges. */
export interface LanguageEngine {
  /** How every speaker stands here, by a wish for each or the best that fits. Starts nothing that is large. */
  speakers(
    wishes: Readonly<Partial<Record<ModelSpeaker, LanguageWish>>>,
    signal: AbortSignal,
  ): Promise<readonly SpeakerState[]>;

  /**
   * Fetches what is missing, loads the model, answers, and gives all memory back before it returns. What was
   * fetched stays, also after a cancel: the next call asks for the rest only.
   * @throws gpu-missing; gpu-too-small (`details.reason`); model-missing (`details.hosts`: no source has it; or
   * `details.reason`), model-corrupt
   * (`details.path`), download-failed (`details.host`, `details.reason`), storage-full (`details.missingBytes`);
   * bad-request (`details.field`: the model or its library is not one); engine-lost
   */
  answer(
    question: LanguageQuestion,
    wish: LanguageWish,
    signal: AbortSignal,
    report?: Report<LanguageNews>,
  ): Promise<LanguageAnswer>;

  /** Tokens of each text as the painter's text encoders count them, without start and end. @throws model-missing (`details.pack`) */
  tokens(texts: readonly string[], signal: AbortSignal): Promise<readonly number[]>;
}

export interface Engines {
  readonly photo: PhotoEngine;
  readonly vision: VisionEngine;
  readonly donor: GeneratorEngine;
  readonly opener: OpenerEngine;
  readonly painter: PainterEngine;
  readonly restorer: RestorerEngine;
  readonly language: LanguageEngine;
  readonly packs: WatchedPackEngine;
  readonly gpu: GpuEngine;
}
