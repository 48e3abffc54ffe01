using System.Numerics;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Synthesis;

/// <summary>
/// A complex Gabor filter along the angle: the sign of its even part is phase bit 0, of its odd part phase
/// bit 1 (Daugman 1993). A rotation by a fraction of a column is taken in by sampling the filter beside the
/// columns, so that it costs no interpolation.
/// </summary>
internal sealed class GaborFilter
{
    /// <summary>Wavelengths in pixels of the usual 512 pixel wide unrolled iris.</summary>
    private const double SingleWavelength = 24;

    private readonly float[] even;
    private readonly float[] odd;
    private readonly int columnsTurned;

    private GaborFilter(double wavelength, double turnedColumns)
    {
        double sigma = wavelength / 3;
        columnsTurned = (int)Math.Round(turnedColumns);
        double fraction = turnedColumns - columnsTurned;
        Reach = (int)Math.Ceiling(3 * sigma);
        this.even = new float[(2 * Reach) + 1];
        this.odd = new float[this.even.Length];
        double carried = 0;
        double sum = 0;
        for (int pass = 0; pass < 2; pass++)
        {
            // The first pass finds the even part's mean, the second takes it out: brightness is no texture.
            double mean = pass == 0 ? 0 : carried / sum;
            for (int k = -Reach; k <= Reach; k++)
            {
                double d = k + fraction;
                double envelope = StableMath.Exp(-d * d / (2 * sigma * sigma));
                double cosine = StableMath.Cos(d / wavelength);
                carried += envelope * cosine;
                sum += envelope;
                this.even[k + Reach] = (float)(envelope * (cosine - mean));
                this.odd[k + Reach] = (float)(envelope * StableMath.Sin(d / wavelength));
            }
        }
    }

    /// <summary>Columns the filter reaches to each side.</summary>
    public int Reach { get; }

    /// <param name="shape">The code's shape; its columns cover the whole turn.</param>
    /// <param name="wavelet">
    /// 0..Wavelets-1: 28, 8, 16 and 12 pixels of 512, or 24 where there is one alone.
    /// </param>
    /// <param name="rotation">Turns.</param>
    public static GaborFilter Of(IrisShape shape, int wavelet, double rotation)
    {
        ReadOnlySpan<double> several = [28, 8, 16, 12];
        double pixels = shape.Wavelets == 1 ? SingleWavelength : several[wavelet];
        double columns = Math.Max(pixels * shape.Columns / 512, 3);
        return new GaborFilter(columns, rotation * shape.Columns);
    }

    /// <summary>Sets this wavelet's bits of the code.</summary>
    public void Encode(IrisTexture texture, IrisShape shape, int wavelet, Span<ulong> code)
    {
        float[] response = new float[shape.Columns];
        for (int row = 0; row < shape.Rows; row++)
        {
            ReadOnlySpan<float> padded = texture.PaddedRow(row, columnsTurned);
            for (int phase = 0; phase < shape.Phases; phase++)
            {
                Convolve(padded, phase == 0 ? this.even : this.odd, response);
                int bit = (((row * shape.Wavelets) + wavelet) * shape.Phases) + phase;
                foreach (float value in response)
                {
                    code[bit >> 6] |= (value > 0 ? 1UL : 0UL) << bit;
                    bit += shape.BitsPerColumn;
                }
            }
        }
    }

    /// <summary>
    /// Plain sums of products in the order of the taps, with separate multiply and add: every vector width
    /// gives the same bits.
    /// </summary>
    private static void Convolve(ReadOnlySpan<float> padded, ReadOnlySpan<float> taps, Span<float> response)
    {
        int i = 0;
        for (; i <= response.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> sum = Vector<float>.Zero;
            for (int k = 0; k < taps.Length; k++)
            {
                sum += new Vector<float>(padded[(i + k)..]) * taps[k];
            }

            sum.CopyTo(response[i..]);
        }

        for (; i < response.Length; i++)
        {
            float sum = 0;
            for (int k = 0; k < taps.Length; k++)
            {
                sum += padded[i + k] * taps[k];
            }

            response[i] = sum;
        }
    }
}
