using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Tests.Synthesis;

/// <summary>The ranges are those docs/synthetic-people.md states, with room for the sample.</summary>
public sealed class SyntheticFingerTests
{
    private readonly SyntheticPopulation population = new(2024);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Every_view_is_valid(int impression)
    {
        foreach ((int finger, FingerView view) in Views(60, impression))
        {
            Assert.Equal(BiometricPosition.OfFinger(finger), view.Position);
            Assert.Equal((197, 197), (view.ResolutionX, view.ResolutionY));
            Assert.InRange(view.Quality!.Value, 25, 95);
            Assert.InRange(view.Minutiae.Count, 3, Limits.MinutiaePerView);
            Assert.All(view.Minutiae, minutia =>
            {
                Assert.InRange(minutia.X, 0, view.Width - 1);
                Assert.InRange(minutia.Y, 0, view.Height - 1);
                Assert.InRange(minutia.Quality, 20, 95);
                Assert.NotEqual(MinutiaKind.Other, minutia.Kind);
            });
        }
    }

    [Fact]
    public void Minutiae_are_as_many_as_real_extractors_find()
    {
        double enrolled = Views(100, 0).Average(view => view.View.Minutiae.Count);
        double later = Views(100, 1).Average(view => view.View.Minutiae.Count);
        Assert.InRange(enrolled, 41, 49);
        Assert.InRange(later, 35, 44);
    }

    [Fact]
    public void Neighbours_keep_the_distances_of_real_ones()
    {
        double[] nearest = [.. Views(60, 0).SelectMany(view => Nearest(view.View)).Order()];
        Assert.InRange(nearest.Average(), 19.5, 23.5);
        Assert.InRange(nearest[nearest.Length / 20], 6, 10);
        Assert.InRange(nearest[nearest.Length / 2], 17.5, 21.5);
        Assert.InRange(nearest[nearest.Length * 95 / 100], 38, 47);
    }

    [Fact]
    public void Endings_outnumber_bifurcations_as_in_real_prints()
    {
        Minutia[] all = [.. Views(60, 0).SelectMany(view => view.View.Minutiae)];
        double endings = all.Count(minutia => minutia.Kind == MinutiaKind.RidgeEnding);
        Assert.InRange(endings / all.Length, 0.58, 0.66);
    }

    [Fact]
    public void Quality_falls_towards_the_border()
    {
        var inner = new List<int>();
        var outer = new List<int>();
        foreach ((_, FingerView view) in Views(60, 0))
        {
            double x = view.Minutiae.Average(minutia => minutia.X);
            double y = view.Minutiae.Average(minutia => minutia.Y);
            foreach (Minutia minutia in view.Minutiae)
            {
                double dx = minutia.X - x;
                double dy = minutia.Y - y;
                double away = Math.Sqrt((dx * dx) + (dy * dy));
                (away < 60 ? inner : away > 110 ? outer : []).Add(minutia.Quality);
            }
        }

        Assert.True(inner.Average() > outer.Average() + 10, $"{inner.Average():F1} {outer.Average():F1}");
    }

    [Fact]
    public void A_records_order_does_not_tell_which_minutia_is_which()
    {
        foreach ((_, FingerView view) in Views(20, 1))
        {
            Assert.Equal(view.Minutiae.OrderBy(m => (m.Y, m.X, m.Angle)), view.Minutiae);
        }
    }

    [Fact]
    public void Pattern_classes_come_as_often_as_in_surveys()
    {
        int[] counts = new int[5];
        int radialIndex = 0;
        for (int i = 0; i < 500; i++)
        {
            for (int finger = 1; finger <= 10; finger++)
            {
                RidgePattern pattern = population.Person(i).Master(finger).Pattern;
                counts[(int)pattern]++;
                radialIndex += finger == 2 && pattern == RidgePattern.LeftLoop ? 1 : 0;
                radialIndex += finger == 7 && pattern == RidgePattern.RightLoop ? 1 : 0;
            }
        }

        double Share(RidgePattern pattern) => counts[(int)pattern] / 5000.0;
        Assert.InRange(Share(RidgePattern.Whorl), 0.26, 0.34);
        Assert.InRange(Share(RidgePattern.LeftLoop) + Share(RidgePattern.RightLoop), 0.58, 0.70);
        Assert.InRange(Share(RidgePattern.PlainArch) + Share(RidgePattern.TentedArch), 0.035, 0.08);
        Assert.InRange(radialIndex / 1000.0, 0.14, 0.26);
    }

    [Fact]
    public void Captures_of_one_finger_are_nearer_than_captures_of_two()
    {
        var mated = new List<double>();
        var nonMated = new List<double>();
        for (int i = 0; i < 24; i++)
        {
            FingerView probe = population.Person(i).Finger(2, 1);
            mated.Add(Overlay.Similarity(probe, population.Person(i).Finger(2, 0)));
            nonMated.Add(Overlay.Similarity(probe, population.Person(i + 1).Finger(2, 0)));
        }

        mated.Sort();
        nonMated.Sort();
        Assert.True(mated[12] > nonMated[^1], $"{mated[12]:F2} {nonMated[^1]:F2}");
        double apart = mated.Average() - nonMated.Average();
        Assert.True(apart > 0.2, $"{apart:F2}");
    }

    private IEnumerable<(int Finger, FingerView View)> Views(int people, int impression)
    {
        for (int i = 0; i < people; i++)
        {
            SyntheticPerson person = population.Person(i);
            for (int finger = 1 + (i % 3); finger <= 10; finger += 3)
            {
                yield return (finger, person.Finger(finger, impression));
            }
        }
    }

    private static IEnumerable<double> Nearest(FingerView view) =>
        view.Minutiae.Select((a, i) => view.Minutiae
            .Where((_, j) => j != i)
            .Min(b => Math.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)))));
}
