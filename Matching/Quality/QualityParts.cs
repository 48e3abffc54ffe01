namespace MatchCluster.Matching.Quality;

/// <summary>
/// The three parts of the value, each 0 for an average print of the sets that they were fitted on: a logistic
/// regression of the misses at FMR 0.1 % on the sums of both prints' parts.
/// </summary>
/// <param name="Area">How much of the print is clear and has contrast.</param>
/// <param name="Ridges">How even the widths of ridges and valleys are.</param>
/// <param name="Flow">Whether the print shows the middle of the finger, where the ridges turn.</param>
internal readonly record struct QualityParts(double Area, double Ridges, double Flow)
{
    /// <summary>Deviation of grey levels below which the contrast is low.</summary>
    public const double LowContrast = 25;

    private const double AreaWeight = 1.83;
    private const double RidgesWeight = -3.80;
    private const double FlowWeight = 3.75;

    private const double AverageArea = 0.562;
    private const double AverageRatio = 1.222;
    private const double AverageFlow = 0.308;

    /// <summary>Area of strong ridges, in square millimetres, that counts half of what any area can.</summary>
    private const double HalfArea = 66;

    /// <summary>Ratios beyond these, and flows above this, come from noise and not from a finger.</summary>
    private const double LeastRatio = 1;
    private const double MostRatio = 1.8;
    private const double MostFlow = 0.45;

    /// <summary>Sum of the parts for each step from the middle of the scale; an average print lies above it.</summary>
    private const double Step = 0.9;
    private const double Average = 0.6;

    private const double SmallMm2 = 100;
    private const double LowCoherence = 0.45;
    private const double DarkLevel = 100;
    private const double LightLevel = 175;

    /// <summary>0..100: the sum of the parts on a scale that never ends.</summary>
    public double Value
    {
        get
        {
            double steps = Average + ((Area + Ridges + Flow) / Step);
            return 50 * (1 + (steps / Math.Sqrt(1 + (steps * steps))));
        }
    }

    public static QualityParts Of(PrintSigns signs) => new(
        AreaWeight * ((signs.StrongMm2 / (signs.StrongMm2 + HalfArea)) - AverageArea),
        RidgesWeight * (Math.Clamp(signs.Unevenness, LeastRatio, MostRatio) - AverageRatio),
        FlowWeight * (Math.Min(signs.Flow, MostFlow) - AverageFlow));

    /// <summary>What the lowest part says, with the signs that tell its causes apart.</summary>
    /// <param name="signs">What was read of the print.</param>
    /// <param name="lacksArea">Whether the clear area alone keeps the value down.</param>
    public QualityReason Reason(PrintSigns signs, bool lacksArea)
    {
        if (signs.Contrast < LowContrast && Area < 0)
        {
            return signs.Brightness < DarkLevel && Ridges < 0 ? QualityReason.TooDark : QualityReason.LowContrast;
        }

        if (lacksArea)
        {
            return AreaReason(signs);
        }

        if (Flow <= Area && Flow <= Ridges)
        {
            return QualityReason.OffCentre;
        }

        if (Ridges <= Area)
        {
            return signs.Brightness < DarkLevel ? QualityReason.TooDark
                : signs.Brightness > LightLevel ? QualityReason.TooDry
                : QualityReason.Smudged;
        }

        return AreaReason(signs);
    }

    private static QualityReason AreaReason(PrintSigns signs) =>
        signs.RegionMm2 < SmallMm2 || signs.Coherence >= LowCoherence ? QualityReason.TooSmall
        : signs.Brightness > LightLevel ? QualityReason.TooDry
        : QualityReason.Smudged;
}
