using MatchCluster.Matching;
using MatchCluster.Matching.Model;

namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>Sparser or stretched prints made of whole ones; every run makes equal ones.</summary>
internal static class ViewCuts
{
    /// <summary>The view without about this share of its minutiae, which a seed picks.</summary>
    public static FingerView Thinned(FingerView view, int seed, double share)
    {
        var random = new Random(seed);
        return view with { Minutiae = [.. view.Minutiae.Where(_ => random.NextDouble() >= share)] };
    }

    /// <summary>
    /// Pulled about as a finger pressed and twisted on glass is: each place moves along a slow wave in x and another in
    /// y, by at most so many of the record's pixels. Directions stay.
    /// </summary>
    public static FingerView Stretched(FingerView view, int seed, double pixels)
    {
        const double Wave = 350; // pixels: about the width of a print, so that neighbours move alike
        var random = new Random(seed);
        double[] turns = [.. Enumerable.Range(0, 4).Select(_ => 2 * Math.PI * random.NextDouble())];
        return view with { Minutiae = [.. view.Minutiae.Select(Move)] };

        Minutia Move(Minutia minutia) => minutia with
        {
            X = Place(minutia.X + Pull(minutia, turns[0], turns[1])),
            Y = Place(minutia.Y + Pull(minutia, turns[2], turns[3])),
        };

        double Pull(Minutia minutia, double direction, double phase) => pixels * Math.Sin(phase
            + (2 * Math.PI * ((minutia.X * Math.Cos(direction)) + (minutia.Y * Math.Sin(direction))) / Wave));

        // Moved away from the edges, where a place could not be pulled further.
        ushort Place(double at) => (ushort)Math.Clamp(Math.Round(at + pixels), 0, 16_383);
    }

    /// <summary>
    /// With so many false minutiae for each that is there: between two others at random, along one's ridges or against
    /// them, of quality 1.
    /// </summary>
    public static FingerView Spurious(FingerView view, int seed, double share)
    {
        const int Aside = 8; // pixels
        const int Turned = 3000; // 16 degrees
        var random = new Random(seed);
        Minutia[] added = [.. Enumerable.Range(0, (int)(share * view.Minutiae.Count)).Select(_ => Between(
            view.Minutiae[random.Next(view.Minutiae.Count)], view.Minutiae[random.Next(view.Minutiae.Count)]))];
        return view with { Minutiae = [.. view.Minutiae.Concat(added).Take(Limits.MinutiaePerView)] };

        Minutia Between(Minutia a, Minutia b)
        {
            double share = random.NextDouble();
            return a with
            {
                X = Place(a.X + (share * (b.X - a.X))),
                Y = Place(a.Y + (share * (b.Y - a.Y))),
                Angle = (ushort)(a.Angle + (random.Next(2) * 32768) + random.Next(-Turned, Turned)),
                Quality = 1,
            };
        }

        ushort Place(double at) => (ushort)Math.Max(0, at + random.Next(-Aside, Aside + 1));
    }

    /// <summary>As a record that states no quality.</summary>
    public static FingerView WithoutQuality(FingerView view) =>
        view with { Minutiae = [.. view.Minutiae.Select(minutia => minutia with { Quality = 0 })] };

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
