using MatchCluster.Matching.Drawings;
using MatchCluster.Matching.Explain;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Modalities;

/// <summary>Irises: codes with masks, compared by their fractional Hamming distance (docs/iris.md).</summary>
internal sealed class IrisModality : ModalityRules
{
    public override Modality Modality => Modality.Iris;

    public override string Name => "iris";

    public override BiometricPosition Unknown => BiometricPosition.UnknownEye;

    public override IReadOnlyList<TemplateFormat> Formats { get; } =
        [TemplateFormat.MatchClusterIris, TemplateFormat.OpenIrisJson];

    public override int MostTemplateBytes => Limits.IrisTemplateBytes;

    public override ITemplateExtractor? Extractor { get; } = new IrisPictureExtractor();

    public override IReadOnlyList<DrawingKind> Drawings => EyeDrawing.Kinds;

    /// <summary>A row is unpacked before it is compared.</summary>
    internal override int RowAlignment => sizeof(ulong);

    public override Decoded<DecodedSample> Decode(TemplateFormat format, ReadOnlySpan<byte> template)
    {
        Decoded<IrisCodes> codes = IrisTemplates.Decode(format, template, out IReadOnlyList<Forgiven> forgiven);
        return codes.IsAccepted
            ? new DecodedSample([], codes.Value.Codes) { Forgiven = forgiven } : codes.Rejection;
    }

    public override byte[] Encode(TemplateFormat format, DecodedSample decoded, BiometricPosition label) =>
        IrisTemplates.Encode(format, [.. decoded.Irises.Select(code => code with { Position = label })]);

    /// <summary>Keeps only the codes of a JSON that has more than codes.</summary>
    public override ReadOnlyMemory<byte> Compact(
        TemplateFormat format, ReadOnlyMemory<byte> template, DecodedSample decoded) =>
        template.Length <= MostTemplateBytes ? template : IrisTemplates.Encode(format, decoded.Irises);

    public override Rejection? Insufficient(DecodedSample decoded) =>
        decoded.Irises.Select(Insufficient).FirstOrDefault(wrong => wrong is not null);

    internal override IEnumerable<PlacedRow> Rows(DecodedSample decoded)
    {
        foreach (IrisCode code in decoded.Irises)
        {
            if (Insufficient(code) is null)
            {
                byte[] row = new byte[IrisRow.BytesOf(code)];
                IrisRow.Write(code, row);
                yield return new PlacedRow(code.Position, row);
            }
        }
    }

    internal override int RowBytesAt(ReadOnlySpan<byte> row) => IrisRow.LengthOf(row);

    internal override int LaneBytesOf(ReadOnlySpan<byte> row) =>
        IrisBlock.BytesPerEye(IrisRow.ShapeOf(row), IrisRow.HasSharedMask(row));

    internal override ComparableKey KeyOf(BiometricPosition position, ReadOnlySpan<byte> row) =>
        KeyOf(position, IrisRow.ShapeOf(row));

    /// <summary>Codes of other shapes are never compared.</summary>
    internal static ComparableKey KeyOf(BiometricPosition position, IrisShape shape) => new(
        0, ((long)position.Code << 40) | ((long)shape.Rows << 32) | ((long)shape.Columns << 16)
            | ((long)shape.Wavelets << 8) | (long)shape.Phases);

    /// <remarks>
    /// No rotation of no eye could be compared: an answer would be "nobody", which is not what it means. So an eye
    /// with too few valid bits refuses its probe.
    /// </remarks>
    internal override Rejection? Prepare(DecodedSample decoded, ProbeParts parts)
    {
        Rejection? wrong = null;
        foreach (IrisCode code in decoded.Irises)
        {
            if (Insufficient(code) is { } insufficient)
            {
                wrong ??= insufficient;
                continue;
            }

            IrisProbe iris = new(code);
            if (!parts.Irises.Exists(other => other.Position == iris.Position && ProbePlaces.AreSame(other, iris)))
            {
                parts.Irises.Add(iris);
            }
        }

        return wrong;
    }

    internal override void PrepareRow(BiometricPosition position, ReadOnlySpan<byte> row, ProbeParts parts) =>
        parts.Irises.Add(new IrisProbe(IrisRow.Read(row, position)));

    internal override CandidateExplanation Explain(
        DecodedSample probe, DecodedSample reference, SearchBudget budget, ScoreCalibration? calibration) => new(
            [],
            [
                .. probe.Irises.Select(eye => Explain(eye, reference.Irises, budget)).OfType<IrisExplanation>(),
            ]);

    /// <summary>The best comparison of an eye; with the other one only where its own does not agree.</summary>
    private static IrisExplanation? Explain(IrisCode eye, IReadOnlyList<IrisCode> others, SearchBudget budget)
    {
        IrisExplanation? own = Best(other => eye.Position.IsComparableWith(other.Position));
        return own is { Score: >= EyeLooks.AgreesScore } ? own
            : Best(other => !eye.Position.IsComparableWith(other.Position)) is { Score: >= EyeLooks.Counts } swapped
            && !(own?.Score >= swapped.Score) ? swapped : own;

        IrisExplanation? Best(Func<IrisCode, bool> isMeant) => others
            .Where(other => !budget.IsSpent && isMeant(other))
            .Select(other => IrisExplainer.Explain(eye, other))
            .MaxBy(explanation => explanation?.Score);
    }

    private static Rejection? Insufficient(IrisCode code)
    {
        int valid = code.ValidBits;
        int enough = IrisScorer.MinValidBits(code.Shape);
        return valid >= enough ? null : new Rejection(
            -1, $"an insufficient eye, {valid} valid bits of {code.Shape.Bits}", $"at least {enough} valid bits");
    }
}
