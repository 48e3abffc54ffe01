using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// A regular grid in a picture, as the screen of a print or the pixels of a display leave it: windows around the iris
/// are brought to their power spectra, the logarithms are averaged, and the highest one is held against those of its
/// neighbourhood. A grid has its peak at the same place in every window; lashes and borders have not.
/// </summary>
internal static class GridPeaks
{
    private const int Size = 64;

    /// <summary>The longest period that is looked for is a twelfth of a window less than a fifth: 13 pixels.</summary>
    private const int LeastFrequency = 5;

    /// <summary>Blocks of JPEG have eight pixels: their grid is not looked at.</summary>
    private const int JpegStep = Size / 8;

    /// <summary>Frequencies to each side that a peak is held against, and those beside it that belong to it.</summary>
    private const int Around = 5;
    private const int Beside = 2;

    private static readonly double[] Cos = [.. Enumerable.Range(0, Size).Select(i => StableMath.Cos((double)i / Size))];
    private static readonly double[] Sin = [.. Enumerable.Range(0, Size).Select(i => StableMath.Sin((double)i / Size))];

    /// <summary>Middles of the windows, in radii of the iris beside its own.</summary>
    private static readonly (double X, double Y)[] Windows =
        [(-0.7, 0), (0.7, 0), (0, 0.7), (0, -0.7), (-1.1, -0.5), (1.1, -0.5), (-1.1, 0.5), (1.1, 0.5)];

    /// <summary>
    /// By how many decibels the highest peak stands above its neighbourhood; 0 where the picture is too small.
    /// </summary>
    public static double Of(EyeLevels levels, EyeContour limbus)
    {
        GrayPlane plane = levels.Original;
        if (plane.Width < Size || plane.Height < Size)
        {
            return 0;
        }

        double[] power = new double[Size * Size];
        double[] real = new double[Size * Size];
        double[] imaginary = new double[Size * Size];
        foreach ((double x, double y) in Windows)
        {
            int left = Math.Clamp((int)(limbus.MiddleX + (x * limbus.Radius)) - (Size / 2), 0, plane.Width - Size);
            int top = Math.Clamp((int)(limbus.MiddleY + (y * limbus.Radius)) - (Size / 2), 0, plane.Height - Size);
            Window(plane, left, top, real);
            Array.Clear(imaginary);
            Transform(real, imaginary);
            for (int i = 0; i < power.Length; i++)
            {
                power[i] += Math.Log10((real[i] * real[i]) + (imaginary[i] * imaginary[i]) + Size);
            }
        }

        return 10 * Highest(power) / Windows.Length;
    }

    private static double Highest(double[] power)
    {
        double best = 0;
        for (int v = 0; v <= Size / 2; v++)
        {
            for (int u = -Size / 2; u < Size / 2; u++)
            {
                bool isJpeg = (v == 0 && u % JpegStep == 0) || (u == 0 && v % JpegStep == 0);
                if ((u * u) + (v * v) >= LeastFrequency * LeastFrequency && !isJpeg)
                {
                    double here = At(power, u, v);
                    if (here > At(power, u - 1, v) && here > At(power, u + 1, v)
                        && here > At(power, u, v - 1) && here > At(power, u, v + 1))
                    {
                        best = Math.Max(best, here - Neighbours(power, u, v));
                    }
                }
            }
        }

        return best;
    }

    /// <summary>
    /// The larger mean of what lies around a place along the rows and along the columns: a streak is no peak.
    /// </summary>
    private static double Neighbours(double[] power, int u, int v)
    {
        (double all, double row, double column, int count) = (0, 0, 0, 0);
        for (int d = -Around; d <= Around; d++)
        {
            for (int e = -Around; e <= Around; e++)
            {
                if (Math.Abs(d) > Beside || Math.Abs(e) > Beside)
                {
                    all += At(power, u + d, v + e);
                    count++;
                }
            }

            if (Math.Abs(d) > Beside)
            {
                row += At(power, u + d, v);
                column += At(power, u, v + d);
            }
        }

        const int Line = 2 * (Around - Beside);
        return Math.Max(all / count, Math.Max(row, column) / Line);
    }

    private static double At(double[] power, int u, int v) =>
        power[((v & (Size - 1)) * Size) + (u & (Size - 1))];

    /// <summary>A window without its mean, faded out at its borders (Hann).</summary>
    private static void Window(GrayPlane plane, int left, int top, double[] values)
    {
        long sum = 0;
        for (int y = 0; y < Size; y++)
        {
            foreach (byte pixel in plane.Pixels.AsSpan(((top + y) * plane.Width) + left, Size))
            {
                sum += pixel;
            }
        }

        double mean = (double)sum / (Size * Size);
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                values[(y * Size) + x] = (plane[left + x, top + y] - mean) * (1 - Cos[x]) * (1 - Cos[y]) / 4;
            }
        }
    }

    /// <summary>Fourier transform of all rows, then of all columns, in place.</summary>
    private static void Transform(double[] real, double[] imaginary)
    {
        for (int i = 0; i < Size; i++)
        {
            Transform(real, imaginary, i * Size, 1);
        }

        for (int i = 0; i < Size; i++)
        {
            Transform(real, imaginary, i, Size);
        }
    }

    /// <summary>One line by the algorithm of Cooley and Tukey (1965).</summary>
    private static void Transform(double[] real, double[] imaginary, int first, int step)
    {
        for (int i = 1, j = 0; i < Size; i++)
        {
            int bit = Size >> 1;
            for (; (j & bit) != 0; bit >>= 1)
            {
                j ^= bit;
            }

            j ^= bit;
            if (i < j)
            {
                (int a, int b) = (first + (i * step), first + (j * step));
                (real[a], real[b]) = (real[b], real[a]);
                (imaginary[a], imaginary[b]) = (imaginary[b], imaginary[a]);
            }
        }

        for (int half = 1; half < Size; half *= 2)
        {
            for (int start = 0; start < Size; start += 2 * half)
            {
                for (int k = 0; k < half; k++)
                {
                    (double cos, double sin) = (Cos[k * (Size / (2 * half))], -Sin[k * (Size / (2 * half))]);
                    int a = first + ((start + k) * step);
                    int b = a + (half * step);
                    double re = (real[b] * cos) - (imaginary[b] * sin);
                    double im = (real[b] * sin) + (imaginary[b] * cos);
                    (real[b], imaginary[b]) = (real[a] - re, imaginary[a] - im);
                    (real[a], imaginary[a]) = (real[a] + re, imaginary[a] + im);
                }
            }
        }
    }
}
