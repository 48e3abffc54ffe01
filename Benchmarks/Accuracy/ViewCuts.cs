using MatchCluster.Matching;
using MatchCluster.Matching.Model;

namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>Sparser, stretched or turned prints made of whole ones; every run makes equal ones.</summary>
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

    /// <summary>The view turned counter-clockwise about its middle, in a frame that holds all of it.</summary>
    public static FingerView Turned(FingerView view, double degrees)
    {
        if (degrees == 0)
        {
            return view;
        }

        double radians = degrees * Math.PI / 180;
        (double sine, double cosine) = Math.SinCos(radians);
        double side = Math.Ceiling(Math.Sqrt(((double)view.Width * view.Width) + ((double)view.Height * view.Height)));
        return view with
        {
            Width = (int)side,
            Height = (int)side,
            Minutiae = [.. view.Minutiae.Select(Turn)],
        };

        // Rows run downwards, angles counter-clockwise.
        Minutia Turn(Minutia minutia)
        {
            double x = minutia.X - (view.Width / 2.0);
            double y = minutia.Y - (view.Height / 2.0);
            return minutia with
            {
                X = Place((x * cosine) + (y * sine)),
                Y = Place((y * cosine) - (x * sine)),
                Angle = (ushort)(int)Math.Round(minutia.Angle + (degrees * 65536 / 360)),
            };
        }

        // Halves all go up: a print turned by quarters keeps its distances.
        ushort Place(double at) => (ushort)Math.Clamp(Math.Floor(at + (side / 2) + 0.5 + 1e-9), 0, 16_383);
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
