using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Prints;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Modalities;

/// <summary>
/// All that the engine must know of one modality outside the loops that compare: its formats and limits, how its
/// templates become rows, parts of a probe and explanations. <see cref="ModalityTable"/> lists them.
/// </summary>
public abstract class ModalityRules
{
    public abstract Modality Modality { get; }

    /// <summary>One of it in a sentence: "finger".</summary>
    public abstract string Name { get; }

    /// <summary>The place of a sample that nobody labelled.</summary>
    public abstract BiometricPosition Unknown { get; }

    /// <summary>The formats its templates are read and written in.</summary>
    public abstract IReadOnlyList<TemplateFormat> Formats { get; }

    /// <summary>Most bytes of a template that is stored.</summary>
    public abstract int MostTemplateBytes { get; }

    /// <summary>
    /// What a template holds, or the rejection that says where, what was found and what was wanted. Hostile bytes never
    /// throw; a format of another modality is rejected.
    /// </summary>
    public abstract Decoded<DecodedSample> Decode(TemplateFormat format, ReadOnlySpan<byte> template);

    /// <summary>A decoded sample as a template.</summary>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="decoded">As <see cref="Decode"/> gave it, or a part of that.</param>
    /// <param name="label">The place of the sample; a format whose templates are of one place states it.</param>
    /// <exception cref="ArgumentException">The format has no room for what is decoded; the message names it.
    /// </exception>
    public abstract byte[] Encode(TemplateFormat format, DecodedSample decoded, BiometricPosition label);

    /// <summary>
    /// What is stored of a template: the template itself, or a smaller one of the same content where its format lets it
    /// be larger than <see cref="MostTemplateBytes"/>.
    /// </summary>
    public virtual ReadOnlyMemory<byte> Compact(
        TemplateFormat format, ReadOnlyMemory<byte> template, DecodedSample decoded) => template;

    /// <summary>
    /// What is wrong with the first view or code that no other can be compared with; null where nothing is.
    /// </summary>
    public abstract Rejection? Insufficient(DecodedSample decoded);

    /// <summary>What makes templates of its pictures; null where this build has nothing for that.</summary>
    public virtual ITemplateExtractor? Extractor => null;

    /// <summary>A decoded picture as its extractor takes it, or why it is refused.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="request">What the caller says of it.</param>
    /// <param name="recordPpi">Pixels per inch that the record round it states.</param>
    /// <param name="extractor">Who gets it.</param>
    public virtual Decoded<PreparedImage> PrepareImage(
        GrayImage image, ImageRequest request, int? recordPpi, ITemplateExtractor extractor)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(extractor);
        return extractor.SizeFault(image.Width, image.Height) is { } fault ? fault : new PreparedImage(
            image, [.. image.Warnings.Select(warning => new ImageNote(ImageNote.File, warning))]);
    }

    /// <summary>What can be drawn of its pictures.</summary>
    public virtual IReadOnlyList<DrawingKind> Drawings => [];

    /// <summary>Bytes at whose multiples a row begins, for the kernels that read it.</summary>
    internal abstract int RowAlignment { get; }

    /// <summary>The rows of a decoded sample; what nothing can be compared with becomes none.</summary>
    internal abstract IEnumerable<PlacedRow> Rows(DecodedSample decoded);

    /// <summary>Length in bytes of the row that begins here, from its header.</summary>
    /// <exception cref="ArgumentException">The bytes are not a row.</exception>
    internal abstract int RowBytesAt(ReadOnlySpan<byte> row);

    /// <summary>Bytes that a row takes once more in blocks of eyes; 0 where it is in none.</summary>
    internal abstract int LaneBytesOf(ReadOnlySpan<byte> row);

    /// <summary>What a row must have in common with a sample of a probe to be compared with it.</summary>
    internal abstract ComparableKey KeyOf(BiometricPosition position, ReadOnlySpan<byte> row);

    /// <summary>
    /// Prepares what a search needs of a decoded sample. What cannot be compared is left out; the rejection that comes
    /// back says that a whole probe is refused for it.
    /// </summary>
    internal abstract Rejection? Prepare(DecodedSample decoded, ProbeParts parts);

    /// <summary>Takes a stored row as what a search needs of it: the row is what preparing made.</summary>
    internal abstract void PrepareRow(BiometricPosition position, ReadOnlySpan<byte> row, ProbeParts parts);

    /// <summary>
    /// For each view or code of a probe the best of a reference's that it may be compared with; nothing more after the
    /// budget's end.
    /// </summary>
    internal abstract CandidateExplanation Explain(
        DecodedSample probe, DecodedSample reference, SearchBudget budget, ScoreCalibration? calibration);
}

/// <summary>A picture as an extractor takes it.</summary>
/// <param name="Image">The picture.</param>
/// <param name="Notes">What was assumed or changed.</param>
public sealed record PreparedImage(GrayImage Image, IReadOnlyList<ImageNote> Notes);

/// <summary>A row and the place it is of.</summary>
internal readonly record struct PlacedRow(BiometricPosition Position, ReadOnlyMemory<byte> Row);

/// <summary>
/// Rows and samples of one key can be compared. Where the place alone decides the key is a bit of a mask of places,
/// which counts fast; otherwise it is a number.
/// </summary>
/// <param name="Place">One bit of the lower 16, or 0.</param>
/// <param name="Kind">The number where there is no bit.</param>
internal readonly record struct ComparableKey(int Place, long Kind);

/// <summary>What is prepared of the samples of a probe so far.</summary>
internal sealed class ProbeParts
{
    public List<FingerProbe> Fingers { get; } = [];

    public List<IrisProbe> Irises { get; } = [];

    public bool HasAny => Fingers.Count + Irises.Count > 0;

    /// <summary>What is wrong with the first sample that was left out beside others that may do.</summary>
    public Rejection? Uncomparable { get; set; }

    public Probe ToProbe(IReadOnlyList<Sample> samples) => new(Fingers, Irises) { Samples = samples };
}
