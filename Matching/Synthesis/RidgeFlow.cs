namespace MatchCluster.Matching.Synthesis;

/// <summary>
/// Which way the ridges run at each point of a finger: the zero-pole model of Sherlock and Monro (1993), in
/// which a core turns the flow by half a turn around itself and a delta by half a turn the other way, an
/// arched term where there is no core, and two long waves that make every finger's flow its own.
/// </summary>
/// <remarks>
/// Coordinates in pixels at 500 dpi, origin at the middle of the finger, x right, y up. Angles in turns.
/// </remarks>
internal sealed class RidgeFlow
{
    private readonly (double X, double Y, double Turn)[] poles;
    private readonly double arch;
    private readonly double archWidth;
    private readonly double lean;
    private readonly Wave first;
    private readonly Wave second;

    public RidgeFlow(StableRandom random, RidgePattern pattern, double scale)
    {
        poles = Poles(random, pattern, scale);
        arch = pattern == RidgePattern.PlainArch ? random.Uniform(0.06, 0.12) : random.Uniform(0.01, 0.03);
        archWidth = scale * random.Uniform(230, 300);
        lean = 0.008 * random.Gaussian();
        first = Wave.Draw(random);
        second = Wave.Draw(random);
    }

    /// <summary>Cores (positive turn) and deltas (negative turn).</summary>
    public IReadOnlyList<(double X, double Y, double Turn)> Singularities => poles;

    /// <summary>
    /// Orientation of the ridge at a point, in turns counter-clockwise from +x, modulo a half.
    /// </summary>
    public double At(double x, double y)
    {
        double turns = lean + first.At(x, y) + second.At(x, y);
        foreach ((double px, double py, double turn) in poles)
        {
            turns += turn * StableMath.Atan2(y - py, x - px);
        }

        // Ridges rise to the middle and fall after it, most around the centre of the finger.
        double down = (y + 20) / 140;
        return turns - (arch * StableMath.Sin(x / archWidth) / (1 + (down * down)));
    }

    private static (double X, double Y, double Turn)[] Poles(
        StableRandom random, RidgePattern pattern, double scale)
    {
        double x = 10 * random.Gaussian();
        double y = 20 + (12 * random.Gaussian());
        double side = pattern == RidgePattern.RightLoop ? -1 : 1;
        (double X, double Y, double Turn)[] poles = pattern switch
        {
            RidgePattern.LeftLoop or RidgePattern.RightLoop =>
            [
                (x, y, 0.5),
                (x + (side * random.Uniform(55, 110)), y - random.Uniform(75, 130), -0.5),
            ],
            RidgePattern.Whorl => Whorl(random, x, y),
            RidgePattern.TentedArch =>
            [
                (x, y, 0.5),
                (x + (6 * random.Gaussian()), y - random.Uniform(50, 90), -0.5),
            ],
            _ => [],
        };
        for (int i = 0; i < poles.Length; i++)
        {
            poles[i] = (poles[i].X * scale, poles[i].Y * scale, poles[i].Turn);
        }

        return poles;
    }

    private static (double X, double Y, double Turn)[] Whorl(StableRandom random, double x, double y)
    {
        double apart = random.Uniform(15, 60);
        double tilt = 0.05 * random.Gaussian();
        double dx = apart * StableMath.Sin(tilt);
        double dy = apart * StableMath.Cos(tilt);
        return
        [
            (x, y, 0.5),
            (x + dx, y - dy, 0.5),
            (x - random.Uniform(70, 115), y - random.Uniform(70, 120), -0.5),
            (x + random.Uniform(70, 115), y - random.Uniform(70, 120), -0.5),
        ];
    }

    /// <summary>A plane wave of small amplitude (turns) and long period.</summary>
    private readonly record struct Wave(double Amplitude, double X, double Y, double Phase)
    {
        public static Wave Draw(StableRandom random)
        {
            double direction = random.Uniform();
            double perPixel = 1 / random.Uniform(180, 420);
            return new Wave(
                0.014 * random.Gaussian(),
                perPixel * StableMath.Cos(direction),
                perPixel * StableMath.Sin(direction),
                random.Uniform());
        }

        public double At(double x, double y) => Amplitude * StableMath.Sin((X * x) + (Y * y) + Phase);
    }
}
