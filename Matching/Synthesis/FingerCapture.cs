using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Synthesis;

/// <summary>
/// One impression of a finger: the part that touched, where and how turned it lay on the sensor, how the skin
/// was dragged, and the errors of an extractor: minutiae moved, missed, invented and mistaken in kind.
/// </summary>
internal static class FingerCapture
{
    private const int Width = 336;
    private const int Height = 416;

    /// <summary>500 dpi in pixels per centimetre, as records round it.</summary>
    private const int Resolution = 197;

    private const double KindMistaken = 0.10;

    /// <summary>
    /// Pixels along a minutia's direction of the point that shows how its direction was dragged.
    /// </summary>
    private const double Ahead = 4;

    public static FingerView Take(FingerMaster master, ulong seed, int fingerCode, int impression)
    {
        var random = new StableRandom(seed);
        var contact = new Contact(random, master, isEnrolment: impression == 0);
        var found = new List<Minutia>(master.Minutiae.Length + 16);
        foreach (MasterMinutia minutia in master.Minutiae)
        {
            double border = contact.BorderOf(minutia.X, minutia.Y);
            bool isMissed = random.Chance(contact.Missed * (0.7 + (0.9 * border * border)));
            MinutiaKind kind = random.Chance(KindMistaken) ? Other(minutia.Kind) : minutia.Kind;
            if (border < 1 && !isMissed)
            {
                Add(found, contact, random, minutia with { Kind = kind }, border);
            }
        }

        Invent(found, contact, random, master);

        // The order must not tell which minutia of the master a record's minutia is.
        found.Sort(static (a, b) => (a.Y, a.X, a.Angle).CompareTo((b.Y, b.X, b.Angle)));
        return new FingerView
        {
            Position = BiometricPosition.OfFinger(fingerCode),
            Quality = (int)Math.Round(contact.Quality),
            Width = Width,
            Height = Height,
            ResolutionX = Resolution,
            ResolutionY = Resolution,
            Minutiae = [.. found],
        };
    }

    /// <summary>
    /// False minutiae lie anywhere in the contact area and point along the flow, as scars and pores do.
    /// </summary>
    private static void Invent(List<Minutia> found, Contact contact, StableRandom random, FingerMaster master)
    {
        int count = (int)Math.Round(found.Count * contact.Invented);
        for (int i = 0; i < count; i++)
        {
            (double x, double y) = contact.PointInside(random);
            double angle = master.Flow.At(x, y) + (random.Chance(0.5) ? 0.5 : 0) + (0.01 * random.Gaussian());
            MinutiaKind kind = random.Chance(0.65) ? MinutiaKind.RidgeEnding : MinutiaKind.Bifurcation;
            Add(found, contact, random, new MasterMinutia(x, y, angle, kind), contact.BorderOf(x, y));
        }
    }

    private static void Add(
        List<Minutia> found, Contact contact, StableRandom random, MasterMinutia minutia, double border)
    {
        (double x, double y) = contact.Place(minutia.X, minutia.Y);
        (double aheadX, double aheadY) = contact.Place(
            minutia.X + (Ahead * StableMath.Cos(minutia.Angle)),
            minutia.Y + (Ahead * StableMath.Sin(minutia.Angle)));
        double angle = StableMath.Atan2(aheadY - y, aheadX - x) + (contact.AngleJitter * random.Gaussian());

        // The sensor's y points down.
        double column = Math.Round((Width / 2) + x + (contact.Jitter * random.Gaussian()));
        double row = Math.Round((Height / 2) - y + (contact.Jitter * random.Gaussian()));
        double quality = (contact.Quality * (1.1 - (0.6 * border * border))) + (9 * random.Gaussian());
        if (column is < 0 or >= Width || row is < 0 or >= Height)
        {
            return;
        }

        found.Add(new Minutia(
            (ushort)column,
            (ushort)row,
            (ushort)((int)Math.Round(angle * 65536) & 0xffff),
            (byte)Math.Clamp(Math.Round(quality), 20, 95),
            minutia.Kind));
    }

    private static MinutiaKind Other(MinutiaKind kind) =>
        kind == MinutiaKind.RidgeEnding ? MinutiaKind.Bifurcation : MinutiaKind.RidgeEnding;
}
