namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// How good the picture of an eye is, by the measures of ISO/IEC 29794-6 as far as they can be taken without
/// knowing the camera. Motion is not measured.
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
public sealed record IrisImageQuality(
    double UsableArea, double ScleraContrast, double PupilContrast, double PupilRatio, double Radius, double Margin,
    double Sharpness, double Concentricity, double Roundness, double GreyUse)
{
    private const string MarginName = "margin";

    private static readonly (string Name, Func<IrisImageQuality, double> Of, double Least, double Most)[] Wanted =
    [
        ("usable iris area, percent", q => q.UsableArea, 70, 100),
        ("iris-sclera contrast", q => q.ScleraContrast, 5, 100),
        ("iris-pupil contrast", q => q.PupilContrast, 30, 100),
        ("pupil ratio, percent", q => q.PupilRatio, 20, 70),
        ("iris radius, pixels", q => q.Radius, 80, 1000),
        (MarginName, q => q.Margin, 80, 100),
        ("sharpness", q => q.Sharpness, 10, 100),
        ("concentricity", q => q.Concentricity, 90, 100),
        ("roundness, percent", q => q.Roundness, 88, 100),
        ("use of grey values, bits", q => q.GreyUse, 6, 8),
    ];

    /// <summary>
    /// One figure, 0..100: the share of what is wanted at each measure, multiplied; 100 where nothing falls
    /// short. The margin is left out: a narrow one costs nothing where both borders were found.
    /// </summary>
    public int Overall
    {
        get
        {
            double product = 100;
            foreach ((string name, Func<IrisImageQuality, double> of, double least, double most) in Wanted)
            {
                if (name == MarginName)
                {
                    continue;
                }


                double value = of(this);
                product *= value < least ? Math.Max(0, value) / least : value > most ? most / value : 1;
            }

            return (int)Math.Round(product);
        }
    }

    /// <summary>What falls short, as sentences with what was found and what is wanted.</summary>
    public IReadOnlyList<string> Faults =>
    [
        .. Wanted.Where(one => one.Of(this) < one.Least || one.Of(this) > one.Most).Select(one => FormattableString
            .Invariant($"{one.Name}: found {one.Of(this):0.0}, wanted {one.Least} to {one.Most}")),
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
            GreyUse: Entropy(levels.Original.Pixels));
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
