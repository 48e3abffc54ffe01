using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>How fast people are made who do not exist: it bounds how long a demo takes to fill.</summary>
internal sealed class SynthesisBenchmark : IBenchmark
{
    public string Name => "synthesis";

    public string Description => "Synthetic people made, by what is made of them, one thread.";

    public Task RunAsync(BenchmarkContext context)
    {
        int people = context.Size(20, 1);
        Measure(context, "ten fingers", people, 10, null);
        Measure(context, "two fingers", people, 2, null);
        Measure(context, "two eyes D2048", people, 0, IrisShape.D2048);
        Measure(context, "two eyes W16384", people, 0, IrisShape.W16384);
        return Task.CompletedTask;
    }

    private static void Measure(
        BenchmarkContext context, string name, int people, int fingers, IrisShape? eyes)
    {
        ResultHash hash = Make(people, fingers, eyes);
        context.Rate(name, "persons_per_s_core", "1/s", people, hash, () => Make(people, fingers, eyes));
        context.MustEqual($"{name}, made again", hash, Make(people, fingers, eyes));
    }

    private static ResultHash Make(int people, int fingers, IrisShape? eyes)
    {
        ResultHash hash = default;

        // A population of its own each time: nothing made before may be handed out again.
        var population = new SyntheticPopulation(1);
        for (int i = 0; i < people; i++)
        {
            SyntheticPerson person = population.Person(i);
            for (int finger = 1; finger <= fingers; finger++)
            {
                foreach (Minutia minutia in person.Finger(finger, 0).Minutiae)
                {
                    hash.Add(HashCodeOf(minutia));
                }
            }

            for (int eye = 1; eye <= 2 && eyes is { } shape; eye++)
            {
                IrisCode code = person.Iris(eye, 0, shape);
                foreach (ulong word in code.Code.Span)
                {
                    hash.Add((long)word);
                }

                foreach (ulong word in code.Mask.Span)
                {
                    hash.Add((long)word);
                }
            }
        }

        return hash;
    }

    private static long HashCodeOf(Minutia m) =>
        m.X | ((long)m.Y << 16) | ((long)m.Angle << 32) | ((long)m.Quality << 48) | ((long)m.Kind << 56);
}
