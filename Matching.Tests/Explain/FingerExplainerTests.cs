using MatchCluster.Matching.Explain;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Tests.Fingers;

namespace MatchCluster.Matching.Tests.Explain;

public sealed class FingerExplainerTests
{
    [Fact]
    public void The_numbers_are_those_of_the_comparison()
    {
        FingerView probe = RandomFingers.View(new(4), 45);
        FingerView reference = FingerMatcherTests.Turned(probe, 0.2);
        FingerTemplate a = FingerTemplate.Prepare(probe);
        FingerTemplate b = FingerTemplate.Prepare(reference);
        FingerMatch match = FingerMatcher.CompareReference(a, b.Row);

        FingerExplanation found = FingerExplainer.Explain(probe, reference);

        Assert.Equal(FingerCalibration.Score(match.Strength, a.Cylinders, b.Cylinders), found.Score);
        Assert.Equal(match.Similarity / 65536.0, found.Similarity);
        Assert.Equal(match.Strength / 65536.0, found.Strength);
        Assert.Equal(45, found.Probe.View.Minutiae.Count);
        Assert.Equal(b.Cylinders, found.Reference.Cylinders);
    }

    [Fact]
    public void Paired_minutiae_are_named_by_their_place_in_the_records()
    {
        FingerView probe = RandomFingers.View(new(4), 80);
        FingerView reference = FingerMatcherTests.Turned(probe, 0.2);

        FingerAlignment alignment = FingerExplainer.Explain(probe, reference).Alignment!;

        Assert.InRange(alignment.Mates.Count, 40, Limits.MinutiaeScored);
        Assert.InRange(alignment.Turn, -12.5, -10.5); // 0.2 radians
        foreach (PairedMinutiae mate in alignment.Mates)
        {
            // The reference is the probe moved, minutia by minutia.
            Assert.Equal(mate.ProbeIndex, mate.ReferenceIndex);
            Assert.Equal(probe.Minutiae[mate.ProbeIndex], mate.Probe);
            Assert.Equal(reference.Minutiae[mate.ReferenceIndex], mate.Reference);
            Assert.InRange(mate.Distance, 0, 2);
        }

        Assert.Equal(
            alignment.Mates.Select(mate => mate.Evidence).OrderDescending(),
            alignment.Mates.Select(mate => mate.Evidence));
    }

    [Fact]
    public void Prints_without_minutiae_are_explained_by_having_none()
    {
        FingerExplanation found =
            FingerExplainer.Explain(RandomFingers.View(new(1), 0), RandomFingers.View(new(1), 45));

        Assert.Equal(0, found.Score);
        Assert.Equal(0, found.PairsRelaxed);
        Assert.Null(found.Alignment);
    }

    [Fact]
    public void Minutiae_in_one_place_are_each_named_once()
    {
        Minutia one = new(100, 100, 1000, 80, MinutiaKind.RidgeEnding);
        FingerView view = RandomFingers.View(new(4), 40);
        FingerView doubled = view with { Minutiae = [.. view.Minutiae, one, one, one] };

        FingerAlignment alignment = FingerExplainer.Explain(doubled, doubled).Alignment!;

        Assert.Equal(
            alignment.Mates.Count, alignment.Mates.Select(mate => mate.ProbeIndex).Distinct().Count());
    }
}
