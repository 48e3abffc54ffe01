namespace MatchCluster.Matching.Synthesis;

/// <summary>
/// Fingers side by side: sizes and places in millimetres, in the range of tables of adults' hands, and how firmly each
/// place is pressed on the glass.
/// </summary>
internal sealed class SlapHand
{
    /// <summary>
    /// Thumb, index, middle, ring and little finger: width of the print, length to the first joint, of the second and
    /// third phalanx, how far the tip lies below the middle finger's, degrees that it spreads from it.
    /// </summary>
    private static readonly (double Width, double Length, double Second, double Third, double Low, double Lean)[]
        Sizes =
    [
        (19.5, 29, 25, 0, 0, 0),
        (15, 23.5, 20, 17, 9, -5),
        (15.5, 24.5, 22, 20, 0, 0),
        (15, 24, 21, 18, 5, 4),
        (12.5, 19.5, 14, 13, 24, 10),
    ];

    private readonly List<Placed> fingers = [];
    private readonly double palmTop;
    private readonly double cosine;
    private readonly double sine;
    private readonly double middleX;
    private readonly double middleY;
    private readonly SlapView view;
    private readonly SlapRidges palm;
    private readonly double dirtX;
    private readonly double dirtY;

    public SlapHand(ulong seed, IReadOnlyList<int> codes, SlapView view, StableRandom random)
    {
        this.view = view;
        double size = 1 + (0.05 * new StableRandom(StableRandom.Derive(seed, 1)).Gaussian());
        palm = new SlapRidges(StableRandom.Derive(seed, 99), 300, 300);
        dirtX = random.Uniform();
        dirtY = random.Uniform();
        double right = 0;
        foreach (int code in codes)
        {
            (double width, double length, double second, double third, double low, double lean) = Sizes[(code - 1) % 5];
            double half = SyntheticSlap.Pixels(size * width / 2);
            bool isLeftHand = code > 5;
            Placed placed = new()
            {
                Code = code,
                Half = half,
                Length = SyntheticSlap.Pixels(size * length),
                Second = SyntheticSlap.Pixels(size * second),
                Third = SyntheticSlap.Pixels(size * third),
                X = right + half,
                Y = SyntheticSlap.Pixels(view.IsAligned ? random.Uniform(0, 2) : size * low)
                    + SyntheticSlap.Pixels(random.Uniform(-1, 1)),
                Lean = view.Spread * (isLeftHand ? -lean : lean) + random.Uniform(-1.5, 1.5),
                Pressure = code == codes.MaxBy(each => each % 5 == 0 ? 10 : 0) ? view.LastPressure
                    : random.Uniform(0.85, 1),
                Ridges = new SlapRidges(
                    StableRandom.Derive(seed, (ulong)(10 + code)), half, SyntheticSlap.Pixels(size * length)),
            };
            right += (2 * half) + SyntheticSlap.Pixels(view.Gap + random.Uniform(-0.5, 0.5));
            if (!view.Missing.Contains(code))
            {
                fingers.Add(placed);
            }
        }

        double top = fingers.Min(finger => finger.Y);
        double bottom = fingers.Max(finger => finger.Y + finger.Reach(view));
        double shownBottom = view.HasPalm ? bottom + SyntheticSlap.Pixels(15) : bottom;
        palmTop = bottom - SyntheticSlap.Pixels(6);
        middleX = MiddleAcross() + SyntheticSlap.Pixels(random.Uniform(-2, 2));
        middleY = (view.HasLowerPhalanges ? top + SyntheticSlap.Pixels(28) : (top + shownBottom) / 2)
            + SyntheticSlap.Pixels(random.Uniform(-3, 3));
        cosine = StableMath.Cos(view.Degrees / 360);
        sine = StableMath.Sin(view.Degrees / 360);
        Drawn = [.. fingers.Select(DrawnOf)];
    }

    /// <summary>The fingers in the picture, from the left.</summary>
    public IReadOnlyList<DrawnFinger> Drawn { get; }

    /// <summary>How dark a place is, 0..1.</summary>
    public double InkAt(double x, double y)
    {
        double px = x - (view.Width / 2.0);
        double py = y - (view.Height / 2.0);
        double hx = (cosine * px) + (sine * py) + middleX;
        double hy = (cosine * py) - (sine * px) + middleY;
        double most = 0;
        double ink = 0;
        foreach (Placed finger in fingers)
        {
            (double u, double v) = finger.Of(hx, hy);
            double pressed = finger.PressureAt(u, v, view);
            if (pressed > most)
            {
                most = pressed;
                ink = pressed * Ridge(finger.Ridges.At(u, v, v > finger.Length), u, v);
            }
        }

        if (most == 0 && view.HasPalm && hy > palmTop && hx > -60 && hx < (2 * middleX) + 60)
        {
            double depth = Math.Min(1, (hy - palmTop) / 60);
            ink = 0.8 * depth * Ridge(palm.At(hx * 0.5, hy, true), hx, hy);
        }

        return ink;
    }

    /// <summary>Ridges are broken where the skin is dry, in patches some ridges wide.</summary>
    private double Ridge(double cosineOfPhase, double u, double v)
    {
        double ridge = (1 + Math.Clamp(1.5 * cosineOfPhase, -1, 1)) / 2;
        double patch = StableMath.Sin((u / 37) + dirtX) * StableMath.Sin((v / 31) + dirtY + (u / 83))
            * StableMath.Sin((u / 11) - (v / 13));
        return ridge * (1 - (view.Dryness * Math.Clamp(0.5 + (2.5 * patch), 0, 1)));
    }

    /// <summary>The middle of the tips and joints.</summary>
    private double MiddleAcross()
    {
        double least = double.MaxValue;
        double most = double.MinValue;
        foreach (Placed finger in fingers)
        {
            double tip = finger.Back(0, finger.Half).X;
            double joint = finger.Back(0, finger.Length).X;
            least = Math.Min(least, Math.Min(tip, joint) - finger.Half);
            most = Math.Max(most, Math.Max(tip, joint) + finger.Half);
        }

        return (least + most) / 2;
    }

    private DrawnFinger DrawnOf(Placed finger)
    {
        (double tipX, double tipY) = PictureOf(finger.Back(0, 0));
        (double jointX, double jointY) = PictureOf(finger.Back(0, finger.Length));
        return new DrawnFinger(finger.Code, tipX, tipY, jointX, jointY, 2 * finger.Half);
    }

    private (double X, double Y) PictureOf((double X, double Y) hand)
    {
        double x = hand.X - middleX;
        double y = hand.Y - middleY;
        return ((cosine * x) - (sine * y) + (view.Width / 2.0), (sine * x) + (cosine * y) + (view.Height / 2.0));
    }

    /// <summary>A finger at its place in the hand.</summary>
    private sealed record Placed
    {
        /// <summary>Pixels over which the pressure grows from the edge.</summary>
        private const double Edge = 14;

        private double cosine;
        private double sine;
        private double lean;

        public required int Code { get; init; }

        public required double Half { get; init; }

        public required double Length { get; init; }

        public required double Second { get; init; }

        public required double Third { get; init; }

        public required double X { get; init; }

        public required double Y { get; init; }

        public required double Pressure { get; init; }

        public required SlapRidges Ridges { get; init; }

        /// <summary>Degrees to the right.</summary>
        public required double Lean
        {
            get => lean;
            init
            {
                lean = value;
                cosine = StableMath.Cos(value / 360);
                sine = StableMath.Sin(value / 360);
            }
        }

        public double Reach(SlapView view) => Length + (view.HasLowerPhalanges ? Second + Third : 0);

        /// <summary>Right of the axis and below the tip; the finger turns about its first joint.</summary>
        public (double U, double V) Of(double x, double y)
        {
            double dx = x - X;
            double dy = y - Y - Length;
            return ((cosine * dx) + (sine * dy), (cosine * dy) - (sine * dx) + Length);
        }

        public (double X, double Y) Back(double u, double v)
        {
            v -= Length;
            return ((cosine * u) - (sine * v) + X, (sine * u) + (cosine * v) + Y + Length);
        }

        /// <summary>0 where the finger does not touch, up to its pressure.</summary>
        public double PressureAt(double u, double v, SlapView view)
        {
            double reach = Reach(view);
            if (v < 0 || v > reach || Math.Abs(u) > Half)
            {
                return 0;
            }

            double inside = v < 1.25 * Half
                ? Half - Math.Sqrt((u * u) + Square((1.25 * Half - v) / 1.25))
                : Half - Math.Abs(u);
            if (v > Length)
            {
                inside -= 0.06 * Half;
            }

            inside = Math.Min(inside, reach - v);
            double crease = Math.Min(Gap(v - Length, u), Gap(v - Length - Second, u));
            return Pressure * Math.Clamp(inside / Edge, 0, 1) * crease;
        }

        /// <summary>0 in a crease, 1 beside it.</summary>
        private static double Gap(double below, double u)
        {
            double bent = below - (0.0008 * u * u);
            return Math.Clamp((Math.Abs(bent) - (SyntheticSlap.Crease / 2)) / 8, 0, 1);
        }

        private static double Square(double x) => x * x;
    }
}
