namespace MatchCluster.Matching.Synthesis;

/// <summary>
/// How a finger met the sensor once: the ellipse of skin that touched, its place and rotation on the sensor,
/// the drag of the skin, and how well it was read.
/// </summary>
internal sealed class Contact
{
    /// <summary>
    /// Share of unsupervised captures that touch with a part of the finger only, and badly.
    /// </summary>
    private const double Careless = 0.12;

    private readonly double middleX;
    private readonly double middleY;
    private readonly double semiX;
    private readonly double semiY;
    private readonly double cos;
    private readonly double sin;
    private readonly double shiftX;
    private readonly double shiftY;
    private readonly double[] drag = new double[10];

    public Contact(StableRandom random, FingerMaster master, bool isEnrolment)
    {
        // Supervised enrolment sees more of the finger, straighter; elsewhere some captures are careless.
        bool isCareless = random.Chance(isEnrolment ? 0.02 : Careless);
        double share = random.Uniform(isEnrolment ? 0.70 : 0.57, 0.92);
        share = isCareless ? 0.5 * share : share;
        double shrink = Math.Sqrt(share);
        semiX = shrink * master.SemiX;
        semiY = shrink * master.SemiY;
        double slack = (isCareless ? 1.5 : 1.2) * (1 - shrink);
        middleX = slack * master.SemiX * random.Uniform(-1, 1);
        middleY = slack * master.SemiY * random.Uniform(-1, 1);

        double turn = Math.Clamp((isEnrolment ? 5.0 : 9.0) / 360 * random.Gaussian(), -0.08, 0.08);
        cos = StableMath.Cos(turn);
        sin = StableMath.Sin(turn);
        shiftX = 12 * random.Gaussian();
        shiftY = 12 * random.Gaussian();
        double luck = random.Uniform();
        double drag = 1.2 + (3.5 * luck * luck * luck);
        for (int i = 0; i < this.drag.Length; i++)
        {
            this.drag[i] = drag * random.Gaussian();
        }

        double mean = (isEnrolment ? 67 : 61) - (isCareless ? 20 : 0);
        Quality = Math.Clamp(mean + (12 * random.Gaussian()) + (11 * master.Skin), 25, 95);

        // Errors grow faster than quality falls: most captures are alike, a few are lost.
        double poor = (95 - Quality) / 70;
        poor *= poor;
        Missed = 0.08 + (0.32 * poor);
        Invented = 0.04 + (0.28 * poor);
        Jitter = 1.35 + (2.0 * poor);
        AngleJitter = (4.8 + (6 * poor)) / 360;
    }

    /// <summary>Finger quality, 25..95.</summary>
    public double Quality { get; }

    /// <summary>Share of minutiae inside the contact that the extractor does not find.</summary>
    public double Missed { get; }

    /// <summary>False minutiae for each one found.</summary>
    public double Invented { get; }

    /// <summary>Sigma of a minutia's place along each axis, pixels.</summary>
    public double Jitter { get; }

    /// <summary>Sigma of a minutia's direction, turns.</summary>
    public double AngleJitter { get; }

    /// <summary>
    /// Squared distance from the middle of the contact: 0 in the middle, 1 at its edge, more outside.
    /// </summary>
    public double BorderOf(double x, double y)
    {
        double u = (x - middleX) / semiX;
        double v = (y - middleY) / semiY;
        return (u * u) + (v * v);
    }

    /// <summary>A point of the finger, uniform in the contact ellipse.</summary>
    public (double X, double Y) PointInside(StableRandom random)
    {
        while (true)
        {
            double u = random.Uniform(-1, 1);
            double v = random.Uniform(-1, 1);
            if ((u * u) + (v * v) < 1)
            {
                return (middleX + (u * semiX), middleY + (v * semiY));
            }
        }
    }

    /// <summary>
    /// Where a point of the finger lies on the sensor, pixels right of and above its middle: dragged by
    /// smooth polynomials of a few pixels, turned, shifted.
    /// </summary>
    public (double X, double Y) Place(double x, double y)
    {
        x -= middleX;
        y -= middleY;
        double u = x / 110;
        double v = y / 110;
        double uu = u * u;
        double vv = v * v;
        double uv = u * v;
        x += (this.drag[0] * u) + (this.drag[1] * v) + (this.drag[2] * uu) + (this.drag[3] * uv) + (this.drag[4] * vv);
        y += (this.drag[5] * u) + (this.drag[6] * v) + (this.drag[7] * uu) + (this.drag[8] * uv) + (this.drag[9] * vv);
        return ((cos * x) - (sin * y) + shiftX, (sin * x) + (cos * y) + shiftY);
    }
}
