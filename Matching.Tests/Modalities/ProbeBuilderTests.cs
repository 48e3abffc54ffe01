using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Templates;
using MatchCluster.Matching.Tests.Fingers;
using MatchCluster.Matching.Tests.Irises;

namespace MatchCluster.Matching.Tests.Modalities;

public sealed class ProbeBuilderTests
{
    [Fact]
    public void An_eye_with_too_few_valid_bits_is_insufficient()
    {
        IrisShape shape = IrisShape.D2048;
        int enough = IrisScorer.MinValidBits(shape);
        Random random = new(3);
        foreach (int valid in new[] { 0, enough - 1, enough })
        {
            IrisCode code = TestIrises.Of(
                shape, TestIrises.Random(random, shape.Words), TestIrises.MaskOf(random, shape, valid));
            Decoded<Probe> probe = ProbeBuilder.Build(
            [
                new Sample
                {
                    Position = BiometricPosition.RightEye,
                    Format = TemplateFormat.MatchClusterIris,
                    Template = IrisTemplates.EncodeMatchCluster(code),
                },
            ]);
            Assert.Equal(valid == enough, probe.IsAccepted);
            if (!probe.IsAccepted)
            {
                Assert.Contains($"insufficient eye, {valid} valid bits of 2048 (sample 0)", probe.Rejection.ToString());
                Assert.Contains("256", probe.Rejection.ToString());
            }
        }
    }

    /// <summary>
    /// A few minutiae with a neighbourhood are none to compare by: such a print would be compared with everybody, its
    /// own copy too, and found different from all.
    /// </summary>
    [Fact]
    public void A_finger_that_not_even_its_own_copy_agrees_with_is_insufficient_as_a_probe_and_as_a_row()
    {
        Random random = new(17);
        int[] seen = new int[6];
        for (int round = 0; round < 400; round++)
        {
            Sample sample = SampleOf(Close(random, random.Next(13)));
            FingerView read = FingerRecords.Decode(sample.Format, sample.Template.Span).Value!.Views[0];
            FingerTemplate finger = FingerTemplate.Prepare(read);
            int strength = FingerMatcher.CompareReference(finger, finger.Row).Strength;
            bool agrees = FingerCalibration.Score(strength, finger.Cylinders, finger.Cylinders) > 0;
            seen[Math.Min(finger.Cylinders, 5)]++;

            Decoded<Probe> probe = ProbeBuilder.Build([sample]);
            Assert.Equal(agrees, probe.IsAccepted);
            Assert.Equal(agrees, SearchableSamples.WhyNot(sample) is null);
            Assert.Equal(agrees ? 1 : 0, EncounterRows.Build([sample]).Value!.Count);
            if (!agrees)
            {
                string expected = $"insufficient finger, {finger.Minutiae} minutiae of which {finger.Cylinders} have";
                Assert.Contains(expected, probe.Rejection?.ToString(), StringComparison.Ordinal);
                Assert.Contains(expected, SearchableSamples.WhyNot(sample)?.ToString(), StringComparison.Ordinal);
            }
        }

        Assert.Equal(FingerTemplate.LeastCylinders, FingerCalibration.Curves[0].MinCylinders);
        Assert.All(seen, times => Assert.InRange(times, 5, 400));
    }

    [Fact]
    public void Many_minutiae_far_from_one_another_are_insufficient_too()
    {
        Sample sample = SampleOf(RandomFingers.ViewOf([.. Enumerable.Range(0, 30).Select(i => new Minutia(
            (ushort)(20 + (200 * (i % 6))), (ushort)(20 + (200 * (i / 6))), (ushort)(1000 * i), 50,
            MinutiaKind.RidgeEnding))]));

        Assert.False(ProbeBuilder.Build([sample]).IsAccepted);
        Assert.Contains(
            "insufficient finger, 30 minutiae of which 0 have", SearchableSamples.WhyNot(sample)?.ToString(),
            StringComparison.Ordinal);
    }

    private static FingerView Close(Random random, int minutiae) => RandomFingers.ViewOf(
        [.. Enumerable.Range(0, minutiae).Select(_ => new Minutia(
            (ushort)random.Next(100, 220), (ushort)random.Next(100, 220), (ushort)random.Next(65536), 50,
            MinutiaKind.RidgeEnding))]);

    private static Sample SampleOf(FingerView view) => new()
    {
        Position = view.Position,
        Format = TemplateFormat.Iso19794v2005,
        Template = FingerRecords.Encode(TemplateFormat.Iso19794v2005, [view]),
    };
}
