using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>Cylinders from minutiae: the cost of a finger at enrolment, at load and in every probe.</summary>
internal sealed class FingerPrepareBenchmark : IBenchmark
{
    public string Name => "finger-prepare";

    public string Description => "Finger templates prepared from minutiae, one thread.";

    public Task RunAsync(BenchmarkContext context)
    {
        var people = new SyntheticPopulation(1);
        FingerView[] views =
        [
            .. Enumerable.Range(0, context.Size(50, 2)).SelectMany(
                i => Enumerable.Range(1, 10).Select(finger => people.Person(i).Finger(finger, 0))),
        ];
        ResultHash hash = default;
        long bytes = 0;
        long minutiae = 0;
        foreach (FingerView view in views)
        {
            FingerTemplate template = FingerTemplate.Prepare(view);
            hash.Add(template.Row);
            bytes += template.RowBytes;
            minutiae += template.Minutiae;
        }

        context.Rate("synthetic", "templates_per_s_core", "1/s", views.Length, hash, () =>
        {
            foreach (FingerView view in views)
            {
                FingerTemplate.Prepare(view);
            }
        });
        context.Add("synthetic", "bytes_per_finger", (double)bytes / views.Length, "B", "none");
        context.Add("synthetic", "minutiae_per_finger", (double)minutiae / views.Length, "1", "none");
        return Task.CompletedTask;
    }
}
