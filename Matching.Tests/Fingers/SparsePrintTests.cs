using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Tests.Fingers;

/// <summary>
/// Prints both of which lost a third of their minutiae at random: few cylinders stay whole, so that the second stage
/// alone loses a quarter of the mated pairs where all stages lose a tenth.
/// </summary>
public sealed class SparsePrintTests
{
    private const double Dropped = 1 / 3.0;
    private const int People = 80;
    private const int OthersOfEach = 20;

    private static readonly SyntheticPopulation Population = new(33);

    private readonly List<(double Score, int Similarity)> mated = [];
    private readonly List<(double Score, int Similarity)> strangers = [];

    public SparsePrintTests()
    {
        FingerTemplate[] rows = [.. Enumerable.Range(0, People).Select(person => Print(person, 0))];
        FingerTemplate[] probes = [.. Enumerable.Range(0, People).Select(person => Print(person, 1))];
        FingerScratch scratch = new();
        for (int i = 0; i < People; i++)
        {
            mated.Add(Compare(probes[i], rows[i], scratch));
            for (int j = 1; j <= OthersOfEach; j++)
            {
                strangers.Add(Compare(probes[i], rows[(i + j) % People], scratch));
            }
        }
    }

    [Fact]
    public void Most_mates_stay_above_every_stranger()
    {
        double highest = strangers.Max(comparison => comparison.Score);

        // Measured: 71 of 80 above the highest of 1,600 non-mated scores, which is 19.2.
        Assert.InRange(highest, 0, 30);
        Assert.InRange(mated.Count(comparison => comparison.Score > highest), 64, People);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)] // FMR 0.1 %
    [InlineData(16)] // FMR 1 %
    public void All_stages_lose_far_fewer_than_the_second_alone(int falseMatches)
    {
        int all = Misses(comparison => comparison.Score, falseMatches);
        int second = Misses(comparison => comparison.Similarity, falseMatches);

        // Measured: 9, 8, 8 by all stages and 38, 26, 20 by the second.
        Assert.InRange(all, 0, 16);
        Assert.InRange(second, (3 * all / 2) + 1, People);
    }

    /// <summary>Mated pairs rejected by the threshold that so many non-mated pairs pass.</summary>
    private int Misses(Func<(double Score, int Similarity), double> by, int falseMatches)
    {
        double highest = strangers.Select(by).OrderDescending().ElementAt(falseMatches);
        return mated.Count(comparison => by(comparison) <= highest);
    }

    private static (double Score, int Similarity) Compare(
        FingerTemplate probe, FingerTemplate row, FingerScratch scratch)
    {
        FingerMatch match = FingerMatcher.Compare(probe, row.Row, scratch);
        return (FingerCalibration.Score(match.Strength, probe.Cylinders, row.Cylinders), match.Similarity);
    }

    private static FingerTemplate Print(int person, int impression)
    {
        Random random = new((10 * person) + impression);
        FingerView view = Population.Person(person).Finger(2, impression);
        return FingerTemplate.Prepare(view with
        {
            Minutiae = [.. view.Minutiae.Where(_ => random.NextDouble() >= Dropped)],
        });
    }
}
