using MatchCluster.Matching.Model;

namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>Sparser prints made of whole ones, the same ones in every run.</summary>
internal static class ViewCuts
{
    /// <summary>Without about this share of its minutiae, which a seed picks.</summary>
    public static FingerView Thinned(FingerView view, int seed, double share)
    {
        var random = new Random(seed);
        return view with { Minutiae = [.. view.Minutiae.Where(_ => random.NextDouble() >= share)] };
    }

    /// <summary>The minutiae nearest to one of them, which a seed picks.</summary>
    public static FingerView Nearest(FingerView view, int seed, int minutiae)
    {
        if (view.Minutiae.Count <= minutiae)
        {
            return view;
        }

        Minutia middle = view.Minutiae[new Random(seed).Next(view.Minutiae.Count)];
        return view with
        {
            Minutiae = [.. view.Minutiae
                .OrderBy(m => ((m.X - middle.X) * (m.X - middle.X)) + ((m.Y - middle.Y) * (m.Y - middle.Y)))
                .Take(minutiae)],
        };
    }
}
