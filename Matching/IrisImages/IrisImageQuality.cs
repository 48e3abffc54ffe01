namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// How good the picture of an eye is, by the measures of ISO/IEC 29794-6 as far as they can be taken without
/// knowing the camera.
/// </summary>
/// <param name="UsableArea">Percent of the iris that is visible.</param>
/// <param name="ScleraContrast">Contrast of iris and sclera, 0..100.</param>
/// <param name="PupilContrast">Contrast of iris and pupil, 0..100.</param>
/// <param name="PupilRatio">The pupil's radius in percent of the iris' radius.</param>
/// <param name="Radius">Radius of the iris in pixels.</param>
/// <param name="Margin">Room between iris and border of the picture, 0..100; 100 is enough on every
/// side.</param>
/// <param name="Sharpness">Power of the finest detail of the visible iris, 0..100 (our own scale).</param>
/// <param name="Concentricity">100 less the distance of both centres in percent of the iris' radius.</param>
/// <param name="Roundness">The short axis of the iris in percent of the long one; low where the eye looks
/// aside.</param>
/// <param name="GreyUse">Entropy of the picture's grey values, in bits.</param>
/// <param name="Circularity">How round the pupil's border is: its area over that of a circle of the same length, in
/// percent.</param>
/// <param name="Motion">Percent of the fine detail that is missing in one direction and there across it (our own
/// scale).</param>
/// <param name="Gaze">Degrees by which the eye looks aside; it is not told below about ten.</param>
public sealed record IrisImageQuality(
    double UsableArea, double ScleraContrast, double PupilContrast, double PupilRatio, double Radius, double Margin,
    double Sharpness, double Concentricity, double Roundness, double GreyUse, double Circularity, double Motion,
    double Gaze)
{
    private const string MarginName = "margin adequacy";

    /// <summary>
    /// What is wanted of each measure, without which it is a fault, and from where on more of it is worth nothing to
    /// the overall figure. The latter is stricter where eyes that lose mated comparisons differ: it is the median of
    /// 756 real eyes, so that it depends on no comparison.
    /// </summary>
    private static readonly Standard[] Wanted =
    [
        new("usable iris area, percent", q => q.UsableArea, 70, 100) { FullLeast = 80 },
        new("iris-sclera contrast", q => q.ScleraContrast, 5, 100) { FullLeast = 12 },
        new("iris-pupil contrast", q => q.PupilContrast, 30, 100),
        new("pupil-iris ratio, percent", q => q.PupilRatio, 20, 70),
        new("iris radius, pixels", q => q.Radius, 80, 1000),
        new(MarginName, q => q.Margin, 80, 100),
        new("sharpness", q => q.Sharpness, 10, 100),
        new("iris-pupil concentricity", q => q.Concentricity, 90, 100),
        new("roundness of the iris, percent", q => q.Roundness, 88, 100),
        new("grey scale utilisation, bits", q => q.GreyUse, 6, 8),
        new("pupil boundary circularity, percent", q => q.Circularity, 98, 100),
        new("motion blur", q => q.Motion, 0, 80) { FullMost = 47 },
        new("gaze angle, degrees", q => q.Gaze, 0, 25),
    ];

    /// <summary>
    /// One figure, 0..100: the share of what is worth most at each measure, multiplied; 100 where nothing falls short
    /// of it. The margin is left out: a narrow one costs nothing where both borders were found.
    /// </summary>
    public int Overall
    {
        get
        {
            double product = 100;
            foreach (Standard one in Wanted.Where(one => one.Name != MarginName))
            {
                double value = one.Of(this);
                product *= value < one.FullLeast ? Math.Max(0, value) / one.FullLeast
                    : value > one.FullMost ? one.FullMost / value : 1;
            }

            return (int)Math.Round(product);
        }
    }

    /// <summary>Every measure by the name of ISO/IEC 29794-6:2015 and its unit, with what is wanted.</summary>
    public IReadOnlyList<IrisMeasure> Measures =>
        [.. Wanted.Select(one => new IrisMeasure(one.Name, one.Of(this), one.Least, one.Most))];

    /// <summary>What falls short, as sentences with what was found and what is wanted.</summary>
    public IReadOnlyList<string> Faults =>
    [
        .. Measures.Where(one => one.FallsShort).Select(one => FormattableString
            .Invariant($"{one.Name}: found {one.Value:0.0}, wanted {one.Least} to {one.Most}")),
    ];

    internal static IrisImageQuality Of(EyeLevels levels, EyeSegmentation eye, PolarIris iris)
    {
        EyeContour pupil = eye.Pupil.Contour;
        EyeContour limbus = eye.Limbus;
        double inside = Median(Ring(levels, pupil, 0, 0.8));
        double within = Median(Ring(levels, limbus, 0.75, 0.95));
        double sclera = Median(Ring(levels, limbus, 1.08, 1.2));
        double atPupil = Math.Abs(within - inside) / (20 + inside);
        double atSclera = Math.Abs(sclera - within) / Math.Max(1, sclera + within - (2 * Math.Min(inside, within)));
        double dx = pupil.CentreX - limbus.MiddleX;
        double dy = pupil.CentreY - limbus.MiddleY;
        double second = limbus.Series.Count < 5 ? 0
            : Math.Sqrt((limbus.Series[3] * limbus.Series[3]) + (limbus.Series[4] * limbus.Series[4]));
        return new IrisImageQuality(
            UsableArea: 100 * iris.VisibleShare,
            ScleraContrast: 100 * atSclera,
            PupilContrast: 100 * atPupil / (0.75 + atPupil),
            PupilRatio: 100 * pupil.Radius / limbus.Radius,
            Radius: limbus.Radius,
            Margin: 100 * MarginOf(levels, limbus),
            Sharpness: iris.Sharpness,
            Concentricity: 100 - (100 * Math.Sqrt((dx * dx) + (dy * dy)) / limbus.Radius),
            Roundness: 100 * (limbus.Radius - second) / (limbus.Radius + second),
            GreyUse: Entropy(levels.Original.Pixels),
            Circularity: CircularityOf(pupil),
            Motion: MotionBlur.Of(levels, eye, iris),
            Gaze: GazeAngle.Of(levels, eye));
    }

    /// <summary>
    /// ISO/IEC 29794-6 wants 0.6 radii of room left and right and 0.2 above and below: the smallest share of
    /// that.
    /// </summary>
    private static double MarginOf(EyeLevels levels, EyeContour limbus)
    {
        double left = (limbus.MiddleX - limbus.Radius) / (0.6 * limbus.Radius);
        double right = (levels.Width - 1 - limbus.MiddleX - limbus.Radius) / (0.6 * limbus.Radius);
        double up = (limbus.MiddleY - limbus.Radius) / (0.2 * limbus.Radius);
        double down = (levels.Height - 1 - limbus.MiddleY - limbus.Radius) / (0.2 * limbus.Radius);
        return Math.Clamp(Math.Min(Math.Min(left, right), Math.Min(up, down)), 0, 1);
    }

    /// <summary>Grey values left and right of a centre, from some radii to others.</summary>
    private static List<int> Ring(EyeLevels levels, EyeContour contour, double from, double to)
    {
        GrayPlane plane = levels.ForStep(contour.Radius * 0.03);
        List<int> values = [];
        Turn turn = Turn.Of128;
        for (int ray = 0; ray < turn.Steps; ray++)
        {
            if (Math.Abs(turn.Sin[ray]) > 0.45)
            {
                continue;
            }

            for (double share = from; share <= to; share += 0.03)
            {
                double radius = share * contour.Radius;
                int value = plane.Sample(
                    contour.CentreX + (radius * turn.Cos[ray]), contour.CentreY - (radius * turn.Sin[ray]));
                if (value >= 0)
                {
                    values.Add(value);
                }
            }
        }

        return values;
    }

    /// <summary>4 pi times the area over the square of the length.</summary>
    private static double CircularityOf(EyeContour pupil)
    {
        Turn turn = Turn.Of512;
        double[] radii = pupil.Radii(turn);
        double area = 0;
        double length = 0;
        for (int i = 0; i < radii.Length; i++)
        {
            int next = (i + 1) % radii.Length;
            double dx = (radii[next] * turn.Cos[next]) - (radii[i] * turn.Cos[i]);
            double dy = (radii[next] * turn.Sin[next]) - (radii[i] * turn.Sin[i]);
            area += radii[i] * radii[next] * turn.Sin[1] / 2;
            length += Math.Sqrt((dx * dx) + (dy * dy));
        }

        return length == 0 ? 0 : Math.Min(100, 400 * Math.PI * area / (length * length));
    }

    /// <summary>What is wanted of a measure.</summary>
    private sealed record Standard(string Name, Func<IrisImageQuality, double> Of, double Least, double Most)
    {
        public double FullLeast { get; init; } = Least;

        public double FullMost { get; init; } = Most;
    }

    private static double Median(List<int> values)
    {
        values.Sort();
        return values.Count == 0 ? 0 : (double)values[values.Count / 2] / GrayPlane.Unit;
    }

    private static double Entropy(byte[] pixels)
    {
        double bits = 0;
        foreach (int count in Contrast.HistogramOf(pixels).Where(count => count > 0))
        {
            double share = (double)count / pixels.Length;
            bits -= share * Math.Log2(share);
        }

        return Math.Round(bits, 3);
    }
}

/// <summary>One measure of the picture of an eye.</summary>
/// <param name="Name">Its name and unit.</param>
/// <param name="Value">What was found.</param>
/// <param name="Least">The least that is wanted.</param>
/// <param name="Most">The most that is wanted.</param>
public readonly record struct IrisMeasure(string Name, double Value, double Least, double Most)
{
    public bool FallsShort => Value < Least || Value > Most;
}
