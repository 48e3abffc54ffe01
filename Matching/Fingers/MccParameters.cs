namespace MatchCluster.Matching.Fingers;

/// <summary>
/// The numbers of Minutia Cylinder-Code, named as in R. Cappelli, M. Ferrara, D. Maltoni, "Minutia Cylinder-Code: a
/// new representation and matching technique for fingerprint recognition", IEEE TPAMI 32(12), 2010.
/// </summary>
/// <remarks>
/// The grid is coarser than the paper's 16x16x6 and the Gaussians narrower: followed by relaxation, the 8x8x5
/// grid loses nothing, and each direction section of a cylinder then fits one 64-bit word.
/// Lengths are in units of 1/8 pixel at 500 dpi, angles in 65536ths of a turn, counter-clockwise.
/// </remarks>
internal static class MccParameters
{
    /// <summary>Units of length in one pixel at 500 dpi.</summary>
    public const int UnitsPerPixel = 8;

    /// <summary>The whole turn in angle units; angles live in 16 bits and wrap by themselves.</summary>
    public const int Turn = 65536;

    /// <summary>Pixels per centimetre that records state for 500 dpi.</summary>
    public const int PixelsPerCentimetre = 197;

    /// <summary>R: radius of the cylinder's base, 70 px.</summary>
    public const int Radius = 70 * UnitsPerPixel;

    /// <summary>Ns: cells along the base's diameter.</summary>
    public const int GridSide = 8;

    /// <summary>Nd: direction sections, one word each.</summary>
    public const int Sections = 5;

    /// <summary>Cells of the 8 x 8 grid whose centre lies inside the disc; bits used of a section's word.</summary>
    public const int CellsPerSection = 52;

    /// <summary>Side of one cell: 2R / Ns.</summary>
    public const int CellSide = 2 * Radius / GridSide;

    /// <summary>sigma_s: spatial spread of a neighbour's contribution, pixels.</summary>
    public const double SigmaSpatialPixels = 6;

    /// <summary>Contributions end at 3 sigma_s.</summary>
    public const int Reach = 18 * UnitsPerPixel;

    /// <summary>sigma_d: directional spread, radians.</summary>
    public const double SigmaDirection = 5 * Math.PI / 36;

    /// <summary>mu_psi: a cell's bit is set from this accumulated contribution on.</summary>
    public const double BitThreshold = 0.005;

    /// <summary>Omega: cells farther than this outside the convex hull of the minutiae are invalid, 50 px.</summary>
    public const int HullOffset = 50 * UnitsPerPixel;

    /// <summary>minVC: a cylinder with fewer valid cells (75 % of 52) is dropped.</summary>
    public const int MinValidCells = 39;

    /// <summary>minM: a cylinder with fewer minutiae within R + 3 sigma_s is dropped.</summary>
    public const int MinNeighbours = 2;

    /// <summary>delta_theta: cylinders whose directions differ by more are not compared, a quarter turn.</summary>
    public const int DirectionWindow = Turn / 4;

    /// <summary>minNP and maxNP: bounds of the number of pairs the final score is the mean of.</summary>
    public const int MinPairs = 4;

    public const int MaxPairs = 12;

    /// <summary>mu_P and tau_P: the sigmoid between them.</summary>
    public const double PairsMiddle = 20;

    public const double PairsSteepness = 0.4;

    /// <summary>n_rel: rounds of relaxation, each with weight w_R = 1/2 on the pair's own value.</summary>
    public const int RelaxationRounds = 5;

    /// <summary>Pairs that enter relaxation.</summary>
    public const int MaxRelaxedPairs = 32;

    /// <summary>mu_rho 1..3 and tau_rho 1..3: distance (pixels), direction and radial angle (radians).</summary>
    public const double DistanceMiddle = 5;

    public const double DistanceSteepness = -1.6;

    public const double AngleMiddle = Math.PI / 12;

    public const double AngleSteepness = -30;
}
