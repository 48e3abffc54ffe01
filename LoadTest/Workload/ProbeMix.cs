using System.Diagnostics.CodeAnalysis;

namespace MatchCluster.LoadTest.Workload;

/// <summary>Weights of the kinds of probe, written <c>finger=60,iris=20,fused=20</c>.</summary>
internal sealed class ProbeMix
{
    private static readonly RequestKind[] Probes = [RequestKind.Finger, RequestKind.Iris, RequestKind.Fused];

    private readonly double[] weights = new double[Probes.Length];

    private ProbeMix()
    {
    }

    /// <summary>Kinds whose weight is not zero.</summary>
    public IEnumerable<RequestKind> Kinds => Probes.Where(kind => weights[(int)kind] > 0);

    public static bool TryParse(string text, [NotNullWhen(true)] out ProbeMix? mix, out string error)
    {
        mix = new ProbeMix();
        foreach (string part in text.Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            int kind = Array.FindIndex(
                Probes, k => k.ToString().Equals(pair[0], StringComparison.OrdinalIgnoreCase));
            if (kind < 0 || pair.Length != 2 || !double.TryParse(pair[1], out double weight) || !(weight >= 0)
                || double.IsInfinity(weight))
            {
                error = $"found '{part}', wanted finger=W, iris=W or fused=W with a weight of 0 or more";
                mix = null;
                return false;
            }

            mix.weights[kind] = weight;
        }

        error = mix.weights.Sum() > 0 ? "" : $"found '{text}', wanted at least one weight above 0";
        mix = error.Length == 0 ? mix : null;
        return mix is not null;
    }

    public RequestKind Draw(Random random)
    {
        double point = random.NextDouble() * weights.Sum();
        foreach (RequestKind kind in Probes)
        {
            point -= weights[(int)kind];
            if (point < 0)
            {
                return kind;
            }
        }

        return Kinds.Last();
    }
}
