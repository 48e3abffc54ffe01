namespace MatchCluster.Matching.Synthesis;

/// <summary>
/// How a finger met the sensor once: the ellipse of skin that touched, its place and rotation on the sensor, the drag
/// of the skin, and how well it was read.
/// </summary>
internal sealed class Contact
{
    private readonly double _middleX;
    private readonly double _middleY;
    private readonly double _semiX;
    private readonly double _semiY;
    private readonly double _cos;
    private readonly double _sin;
    private readonly double _shiftX;
    private readonly double _shiftY;
    private readonly double[] _drag = new double[10];

    private Contact(StableRandom random, FingerMaster master, bool isEnrolment)
    {
        // Supervised enrolment sees more of the finger, straighter.
        double share = isEnrolment ? random.Uniform(0.72, 0.92) : random.Uniform(0.57, 0.92);
        double shrink = Math.Sqrt(share);
        _semiX = shrink * master.SemiX;
        _semiY = shrink * master.SemiY;
        double slack = 1.2 * (1 - shrink);
        _middleX = slack * master.SemiX * random.Uniform(-1, 1);
        _middleY = slack * master.SemiY * random.Uniform(-1, 1);

        double turn = Math.Clamp((isEnrolment ? 5.0 : 9.0) / 360 * random.Gaussian(), -0.08, 0.08);
        _cos = StableMath.Cos(turn);
        _sin = StableMath.Sin(turn);
        _shiftX = 12 * random.Gaussian();
        _shiftY = 12 * random.Gaussian();
        for (int i = 0; i < _drag.Length; i++)
        {
            _drag[i] = 2.2 * random.Gaussian();
        }

        Quality = Math.Clamp((isEnrolment ? 66 : 60) + (14 * random.Gaussian()), 25, 95);
        double poor = (95 - Quality) / 70;
        Missed = 0.08 + (0.10 * poor) + random.Uniform(0, 0.04);
        Invented = 0.04 + (0.08 * poor) + random.Uniform(0, 0.04);
    }

    /// <summary>Finger quality, 25..95.</summary>
    public double Quality { get; }

    /// <summary>Share of minutiae inside the contact that the extractor does not find.</summary>
    public double Missed { get; }

    /// <summary>False minutiae for each one found.</summary>
    public double Invented { get; }

    public static Contact Draw(StableRandom random, FingerMaster master, bool isEnrolment) =>
        new(random, master, isEnrolment);

    /// <summary>Squared distance from the middle of the contact: 0 in the middle, 1 at its edge, more outside.</summary>
    public double BorderOf(double x, double y)
    {
        double u = (x - _middleX) / _semiX;
        double v = (y - _middleY) / _semiY;
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
                return (_middleX + (u * _semiX), _middleY + (v * _semiY));
            }
        }
    }

    /// <summary>
    /// Where a point of the finger lies on the sensor, pixels right of and above its middle: dragged by smooth
    /// polynomials of a few pixels, turned, shifted.
    /// </summary>
    public (double X, double Y) Place(double x, double y)
    {
        x -= _middleX;
        y -= _middleY;
        double u = x / 110;
        double v = y / 110;
        double uu = u * u;
        double vv = v * v;
        double uv = u * v;
        x += (_drag[0] * u) + (_drag[1] * v) + (_drag[2] * uu) + (_drag[3] * uv) + (_drag[4] * vv);
        y += (_drag[5] * u) + (_drag[6] * v) + (_drag[7] * uu) + (_drag[8] * uv) + (_drag[9] * vv);
        return ((_cos * x) - (_sin * y) + _shiftX, (_sin * x) + (_cos * y) + _shiftY);
    }
}
