using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// The protocol of <c>accuracy</c> on synthetic fingers: it needs no data, runs in every smoke run, and its
/// hash moves whenever any finger score does. What it says of error rates holds for people who do not exist.
/// </summary>
internal sealed class FingerAccuracyBenchmark : IBenchmark
{
    private const int FingerCode = 2;

    public string Name => "finger-accuracy";

    public string Description => "Error rates of the finger scorer on synthetic fingers by the FVC protocol.";

    public Task RunAsync(BenchmarkContext context)
    {
        int fingers = context.Size(100, 3);
        int impressions = context.Size(8, 3);
        var people = new SyntheticPopulation(1);
        PreparedImpression[] set =
        [
            .. from finger in Enumerable.Range(0, fingers)
               from impression in Enumerable.Range(0, impressions)
               select new PreparedImpression(
                   new FvcImpression("synthetic", finger, impression, ""),
                   people.Person(finger).Finger(FingerCode, impression)),
        ];
        SetResult result = FvcProtocol.Run("synthetic", set);
        context.MustHold(
            $"{result.Scores.Mated} mated comparisons",
            result.Scores.Mated == fingers * impressions * (impressions - 1) / 2);
        context.MustHold(
            $"{result.Scores.NonMated} non-mated comparisons",
            result.Scores.NonMated == fingers * (fingers - 1) / 2 * impressions * impressions);

        ResultHash hash = default;
        foreach (double score in result.Scores.MatedScores.Concat(result.Scores.NonMatedScores))
        {
            hash.AddExactly(score);
        }

        string name = $"{fingers} fingers x {impressions}";
        context.Add(name, "eer", result.Scores.EqualErrorRate(), "1", "none", hash.Hex);
        foreach ((string point, double fmr) in SetReport.Points)
        {
            context.Add(
                name, $"fnmr_at_fmr_{point}", SetReport.FnmrAt(result, fmr).Value, "1", "none", hash.Hex);
        }

        context.Add(name, "rank1", result.Rank1.Value, "1", "none", hash.Hex);
        return Task.CompletedTask;
    }
}
