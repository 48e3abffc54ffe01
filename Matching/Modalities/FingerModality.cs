using MatchCluster.Matching.Drawings;
using MatchCluster.Matching.Explain;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Prints;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Modalities;

/// <summary>Fingerprints: minutiae records, cylinders (docs/fingers.md).</summary>
internal sealed class FingerModality : ModalityRules
{
    public override Modality Modality => Modality.Finger;

    public override string Name => "finger";

    public override BiometricPosition Unknown => BiometricPosition.UnknownFinger;

    public override IReadOnlyList<TemplateFormat> Formats { get; } =
    [
        TemplateFormat.Iso19794v2005, TemplateFormat.Iso19794v2011, TemplateFormat.Ansi378v2004,
        TemplateFormat.Ansi378v2009,
    ];

    public override int MostTemplateBytes => Limits.FingerTemplateBytes;

    /// <summary>A cache line.</summary>
    internal override int RowAlignment => 64;

    public override Decoded<DecodedSample> Decode(TemplateFormat format, ReadOnlySpan<byte> template)
    {
        Decoded<FingerRecord> record = FingerRecords.Decode(format, template);
        return record.IsAccepted
            ? new DecodedSample(record.Value.Views, []) { Forgiven = record.Value.Forgiven }
            : record.Rejection;
    }

    public override byte[] Encode(TemplateFormat format, DecodedSample decoded, BiometricPosition label) =>
        FingerRecords.Encode(format, decoded.Fingers);

    public override ITemplateExtractor? Extractor { get; } = new FingerPictureExtractor();

    public override Decoded<PreparedImage> PrepareImage(
        GrayImage image, ImageRequest request, int? recordPpi, ITemplateExtractor extractor)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(extractor);
        Decoded<PreparedPrint> print = PrintPreparation.Prepare(image, new PrintReading
        {
            RequestPpi = request.Ppi,
            RecordPpi = recordPpi,
            RefusesAssumed = request.RefusesAssumedResolution,
            SizeFault = extractor.SizeFault,
        });
        return print.IsAccepted ? new PreparedImage(print.Value.Image, print.Value.Notes) : print.Rejection;
    }

    public override IReadOnlyList<DrawingKind> Drawings => FingerDrawing.Kinds;

    public override Rejection? Insufficient(DecodedSample decoded) =>
        decoded.Fingers.Select(Insufficient).FirstOrDefault(wrong => wrong is not null);

    internal override IEnumerable<PlacedRow> Rows(DecodedSample decoded)
    {
        foreach (FingerView view in decoded.Fingers)
        {
            FingerTemplate finger = FingerTemplate.Prepare(view);
            if (finger.IsComparable)
            {
                yield return new PlacedRow(view.Position, finger.RowMemory);
            }
        }
    }

    internal override int RowBytesAt(ReadOnlySpan<byte> row) => FingerTemplate.RowBytesAt(row);

    internal override int LaneBytesOf(ReadOnlySpan<byte> row) => 0;

    internal override ComparableKey KeyOf(BiometricPosition position, ReadOnlySpan<byte> row) =>
        new(1 << position.Finger, 0);

    /// <remarks>
    /// A finger that cannot be compared refuses no probe that has others: a record of a missing finger is often one
    /// without minutiae.
    /// </remarks>
    internal override Rejection? Prepare(DecodedSample decoded, ProbeParts parts)
    {
        foreach (FingerView view in decoded.Fingers)
        {
            FingerProbe finger = new(view.Position, FingerTemplate.Prepare(view));
            if (!finger.Template.IsComparable)
            {
                parts.Uncomparable ??= Insufficient(finger.Template.Minutiae, finger.Template.Cylinders);
            }
            else if (!parts.Fingers.Exists(
                other => other.Position == finger.Position && ProbePlaces.AreSame(other, finger)))
            {
                parts.Fingers.Add(finger);
            }
        }

        return null;
    }

    internal override void PrepareRow(BiometricPosition position, ReadOnlySpan<byte> row, ProbeParts parts) =>
        parts.Fingers.Add(new FingerProbe(position, FingerTemplate.FromRow(row)));

    /// <remarks>No search compares a finger that is too small: neither is it explained.</remarks>
    internal override CandidateExplanation Explain(
        DecodedSample probe, DecodedSample reference, SearchBudget budget, ScoreCalibration? calibration)
    {
        FingerView[] others = [.. reference.Fingers.Where(finger => Insufficient(finger) is null)];
        return new CandidateExplanation(
            [
                .. probe.Fingers.Where(finger => Insufficient(finger) is null).Select(finger => others
                    .Where(other => !budget.IsSpent && finger.Position.IsComparableWith(other.Position))
                    .Select(other => FingerExplainer.Explain(finger, other, calibration))
                    .MaxBy(explanation => explanation.Score)).OfType<FingerExplanation>(),
            ],
            []);
    }

    /// <summary>What is wrong with a view, with a fraction of the work of preparing it.</summary>
    private static Rejection? Insufficient(FingerView view)
    {
        ReadOnlySpan<PlacedMinutia> minutiae = MinutiaeSelection.Best(view);
        int cylinders = CylinderBuilder.Build(minutiae, FingerTemplate.LeastCylinders).Length;
        return cylinders >= FingerTemplate.LeastCylinders ? null : Insufficient(minutiae.Length, cylinders);
    }

    /// <summary>The rejection of a finger with so few minutiae that have a neighbourhood.</summary>
    private static Rejection Insufficient(int minutiae, int cylinders) => new(
        -1, $"an insufficient finger, {minutiae} minutiae of which {cylinders} have a neighbourhood",
        $"at least {FingerTemplate.LeastCylinders} with {MccParameters.MinNeighbours} others or more around them");
}
